import type { HostLogSettings } from "../protocol/host.ts";
import { logLevels } from "../protocol/logs.ts";

/** How one client wants the host to log. */
export interface LogClient {
  set(settings: HostLogSettings): void;
  leave(): void;
}

/** How the host logs: as the most talkative of its clients wants, at first as it was launched. */
export interface HostLogLevel {
  readonly current: HostLogSettings;
  join(): LogClient;
}

export function createHostLogLevel(
  launched: HostLogSettings = { level: "info", source: false },
): HostLogLevel {
  const wanted = new Map<LogClient, HostLogSettings>();
  let current = launched;

  function settle(): void {
    const all = [...wanted.values()];
    // The last to leave decides for the time without clients.
    if (all.length > 0) current = all.reduce(louder);
  }

  return {
    get current() {
      return current;
    },
    join() {
      const client: LogClient = {
        set(settings) {
          wanted.set(client, settings);
          settle();
        },
        leave() {
          wanted.delete(client);
          settle();
        },
      };
      return client;
    },
  };
}

function louder(one: HostLogSettings, other: HostLogSettings): HostLogSettings {
  const loudest = Math.max(logLevels.indexOf(one.level), logLevels.indexOf(other.level));
  const megabytes = Math.max(one.maxMegabytes ?? 0, other.maxMegabytes ?? 0);
  return {
    level: logLevels[loudest] ?? one.level,
    source: one.source || other.source,
    ...(megabytes === 0 ? {} : { maxMegabytes: megabytes }),
  };
}
