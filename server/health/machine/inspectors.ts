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
    const found = /^--inspect(?:-brk|-wait)?(?:=.*?(\d*))?$/.exec(word);
    if (found === null) continue;
    const port = Number(found[1] || defaultPort);
    // Port 0 stands for any that is free.
    if (port > 0) ports.set(port, undefined);
  }
  const own = ownUrl === undefined ? undefined : Number(new URL(ownUrl).port);
  if (own !== undefined) ports.set(own, process.pid);
  return [...ports].map(([port, ownPid]) => (ownPid === undefined ? { port } : { port, ownPid }));
}
