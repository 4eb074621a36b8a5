import { describe, expect, it } from "vitest";
import { createRedact } from "../../../server/logs/redact.ts";

const redact = createRedact({
  userFolder: "/home/ann.smith",
  userName: "ann.smith",
  secrets: ["correct-horse-battery", "short"],
});

const key = `-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXk\nAAAA+/=\n-----END OPENSSH PRIVATE KEY-----`;

describe("redaction", () => {
  it.each([
    ["Bearer abcdef.123-456", "Bearer [redacted]"],
    [
      "GET with authorization: Basic YW5uOmh1bnRlcjI=\nnext",
      "GET with authorization: [redacted]\nnext",
    ],
    ['{"Authorization":"Bearer abc"}', '{"Authorization":"[redacted]"}'],
    ['{\\"Authorization\\":\\"Bearer abc\\"}', '{\\"Authorization\\":\\"[redacted]\\"}'],
    ["token hf_AbCdEfGhIjKlMnOpQr is bad", "token [redacted] is bad"],
    ["sk-proj-abc_DEF-123456", "[redacted]"],
    ["use ghp_0123456789abcdefghij now", "use [redacted] now"],
    ["github_pat_11ABCDEFG0123456789_abc", "[redacted]"],
    ["AKIAIOSFODNN7EXAMPLE", "[redacted]"],
    ["AIzaSyA-1234567890abcdefghijklmnopqrstu", "[redacted]"],
    ["eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmNHl0w5N", "[redacted]"],
    ["xoxb-123456789012-abcdef", "[redacted]"],
    ["npm_abcdefghijklmnopqrstuvwxyz0123456789", "[redacted]"],
    ["api_key=abc123", "api_key=[redacted]"],
    ["apiKey: 'abc 123', n: 1", "apiKey: '[redacted]', n: 1"],
    ['"openAiKey": "abc"', '"openAiKey": "[redacted]"'],
    ["key=abc123", "key=[redacted]"],
    ["token: abc, next: 1", "token: [redacted], next: 1"],
    ["HF_TOKEN=abc", "HF_TOKEN=[redacted]"],
    ["password = hunter2", "password = [redacted]"],
    ["PGPASSWORD='x y'", "PGPASSWORD='[redacted]'"],
    ['passphrase: "it\'s long"', 'passphrase: "[redacted]"'],
    ["client_secret => abc", "client_secret => [redacted]"],
    ["credentials: abc", "credentials: [redacted]"],
    ["//npm.example.org/:_auth=YW5uOmh1bnRlcjI=", "//npm.example.org/:_auth=[redacted]"],
    ["run --token abc --n 1", "run --token [redacted] --n 1"],
    ["https://ann:hunter2@example.org/x", "https://[redacted]@example.org/x"],
    ["https://token@example.org/x", "https://[redacted]@example.org/x"],
    ["https://a.org/?access_token=abc&n=1", "https://a.org/?access_token=[redacted]&n=1"],
    ["https://a.org/?n=1&sig=abc%3D&m=2", "https://a.org/?n=1&sig=[redacted]&m=2"],
    ["https://a.org/?X-Amz-Signature=abc", "https://a.org/?X-Amz-Signature=[redacted]"],
    [`before ${key} after`, "before [redacted] after"],
    [JSON.stringify({ k: key }), '{"k":"[redacted]"}'],
    ["-----BEGIN PRIVATE KEY-----\nMIIEvQ\nIBADAN", "[redacted]"],
    ["write to ann@example.org.", "write to [redacted]."],
    ["value correct-horse-battery here", "value [redacted] here"],
  ])("takes the secret out of %j", (text, expected) => {
    expect(redact(text).text).toBe(expected);
    expect(redact(text).count).toBeGreaterThan(0);
  });

  it.each([
    ["/home/ann.smith/work/a.ts:1", "~/work/a.ts:1"],
    ["/home/bob/work", "~/work"],
    ["/Users/Bob/Library/x", "~/Library/x"],
    ["C:\\Users\\Bob\\a.ts", "~\\a.ts"],
    ['"c:\\\\Users\\\\Bob\\\\a.ts"', '"~\\\\a.ts"'],
    ["file:///home/ann.smith/a", "file://~/a"],
    ["file:///c%3A/Users/Bob/a", "file://~/a"],
    ["file:///C:/Users/Bob/a", "file://~/a"],
    ["/mnt/c/Users/Bob/a", "~/a"],
    ["/tmp/vscode-ann.smith/x", "/tmp/vscode-[user]/x"],
    ["/run/user/ann.smith", "/run/user/[user]"],
  ])("takes home folder and user out of the path %s", (text, expected) => {
    expect(redact(text)).toEqual({ text: expected, count: 1 });
  });

  it("knows a home that lies where no home is expected, spaces and case included", () => {
    const unusual = createRedact({ userFolder: "/srv/people/ann" });
    expect(unusual("/srv/people/ann/x /srv/people/anna/x").text).toBe("~/x /srv/people/anna/x");
    const windows = createRedact({ userFolder: "D:\\Home\\Ann Smith" });
    expect(windows("d:\\home\\ann smith\\x D:\\\\Home\\\\Ann Smith\\\\y").text).toBe("~\\x ~\\\\y");
    expect(windows("file:///d%3A/Home/Ann Smith/x").text).toBe("file://~/x");
    const root = createRedact({ userFolder: "/root", userName: "root" });
    expect(root("/root/x /work/root/y /rooted").text).toBe("~/x /work/root/y /rooted");
  });

  it.each([
    "maxTokens=64, tokensUsed: 12, evaluatedTokens=3",
    "starcoder.remote.endpoints: key=starcoder.model.path",
    "The monkey: a keyboard. tokenizer: gpt-2",
    "pino@10.4.0 at line 12: const a = b[0];",
    "https://example.org:8080/a?b=c#d",
    "password: null, token: false, secret=true",
    "The keys: none",
    "12:30:01.123 disk-sk-ip",
    "2026-11-24T12:38:29.730Z server[1] model loaded durationMs=1786.2",
  ])("leaves alone what is no secret: %s", (text) => {
    expect(redact(text)).toEqual({ text, count: 0 });
  });

  it("finds nothing more in what it has redacted", () => {
    const once = redact(
      'token=abc "apiKey":"x" https://a:b@c.de/?key=1 Bearer abcdefgh authorization: Basic abc= ann@example.org',
    );
    expect(redact(once.text)).toEqual({ text: once.text, count: 0 });
  });

  it("keeps the lines between two private keys", () => {
    expect(redact(`${key}\nbetween: 1\n${key}`)).toEqual({
      text: "[redacted]\nbetween: 1\n[redacted]",
      count: 2,
    });
  });

  it.each(
    [
      "a",
      "key",
      "token=",
      'token="',
      "-----BEGIN PRIVATE KEY-----",
      "-----BEGIN A PRIVATE KEY-----.-----END",
      "eyJ-",
      "a@",
      "a@a.",
      "://",
      "://a",
      "/home/",
      "\\\\",
      '\\"',
      "authorization:",
      "password='",
      "--token ",
      "&code=",
      " ",
    ].map((piece) => [piece]),
  )("takes time in proportion to the length of a text made of %j", (piece) => {
    const text = (length: number) => piece.repeat(Math.ceil(length / piece.length));
    const short = timeOf(text(100_000));
    const long = timeOf(text(400_000));
    // Four times the text; sixteen times would be the square.
    expect(long).toBeLessThan(Math.max(short, 20) * 9);
  });
});

function timeOf(text: string): number {
  const times = [1, 2, 3].map(() => {
    const before = performance.now();
    redact(text);
    return performance.now() - before;
  });
  return Math.min(...times);
}
