const defaultPort = 9229;

/**
 * Ports that a debugger of this process has, or of those that it starts would want, by their
 * environment and arguments.
 */
export function inspectorPorts(
  environment: Readonly<Record<string, string | undefined>>,
  nodeArguments: readonly string[],
  ownUrl: string | undefined,
): readonly { readonly port: number; readonly ownPid?: number }[] {
  const ports = new Map<number, number | undefined>();
  const words = [...(environment["NODE_OPTIONS"] ?? "").split(/\s+/), ...nodeArguments];
  for (const word of words) {
    const found = /^--inspect(?:-brk|-wait)?(?:=(.*))?$/.exec(word);
    if (found === null) continue;
    // A port, a host with a port, or a host.
    const own = /^(?:.*[\]\w.-]:)?(\d+)$/.exec(found[1] ?? "")?.[1];
    const port = Number(own ?? defaultPort);
    // Port 0 stands for any that is free.
    if (port > 0) ports.set(port, undefined);
  }
  if (ownUrl !== undefined) ports.set(Number(new URL(ownUrl).port), process.pid);
  return [...ports].map(([port, ownPid]) => (ownPid === undefined ? { port } : { port, ownPid }));
}
