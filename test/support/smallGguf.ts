/** A GGUF file without a use but to be downloaded: its header is true, its weights are noise. */
export function smallGguf(
  options: {
    readonly weights?: number;
    readonly tokens?: readonly string[];
    /** Other noise. */
    readonly seed?: number;
    /** Claims so many weights instead. */
    readonly claimed?: bigint;
    readonly claimedTokens?: bigint;
  } = {},
): Buffer {
  const { weights = 50_000, seed = 1, claimed = BigInt(weights) } = options;
  const { tokens = ["<fim_prefix>", "<fim_suffix>", "<fim_middle>", "a", "b"] } = options;
  const head = Buffer.concat([
    Buffer.from("GGUF"),
    integer(3),
    long(1n),
    long(2n),
    text("general.architecture"),
    integer(8),
    text("starcoder2"),
    text("tokenizer.ggml.tokens"),
    integer(9),
    integer(8),
    long(options.claimedTokens ?? BigInt(tokens.length)),
    ...tokens.map(text),
    text("output.weight"),
    integer(1),
    long(claimed),
    integer(0),
    long(0n),
  ]);
  const padding = Buffer.alloc((32 - (head.length % 32)) % 32);
  const noise = Buffer.alloc(weights * 4);
  let state = seed;
  for (let at = 0; at < noise.length; at += 4) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    noise.writeUInt32LE(state, at);
  }
  return Buffer.concat([head, padding, noise]);
}

function integer(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function long(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(value);
  return bytes;
}

function text(value: string): Buffer {
  return Buffer.concat([long(BigInt(Buffer.byteLength(value))), Buffer.from(value)]);
}
