/** A window's server, or another program, as far as sharing the model concerns it. */
export interface Client {
  /** Whether its window has the focus; so it is until it says otherwise. */
  focused: boolean;
}

interface Account {
  /** Milliseconds of the model, as if it had wanted it all the time. */
  served: number;
  waitingSince: number;
  /** When it last wanted the model. */
  seenAt: number;
}

/** Says whose turn it is to use the model. */
export interface Turns<Entry> {
  /** What waits, in the order in which it is to be tried. */
  order(entries: readonly Entry[], now: number): Entry[];
  /** An entry had the model for so many milliseconds, until now. */
  served(entry: Entry, milliseconds: number, now: number): void;
}

/**
 * So long a client keeps its turn, enough for a suggestion of a small model: taking turns within
 * one, all would end last, and late enough to be taken back at the next key.
 */
export const turnMs = 150;
/** A window without the focus waits about so long, and no longer, for one that has it. */
export const longestWaitMs = 250;
/** Whoever types takes a request back at the next key and asks anew: that is no absence. */
const absentAfterMs = 1000;
/** The focus makes a millisecond of the model so much cheaper. */
const focusedCost = 0.25;

/**
 * Fair turns between clients. The window with the focus comes first, unless another has waited for
 * a quarter of a second; among equals, whoever has had the model for the least time. Who was away
 * has no credit for that. Between the entries of one client, `better` decides.
 */
export function createTurns<Entry extends { readonly client: Client }>(
  better: (a: Entry, b: Entry) => number,
): Turns<Entry> {
  const accounts = new WeakMap<Client, Account>();
  /** The least that anybody here has been served: who comes begins there. */
  let level = 0;
  let turn: { readonly client: Client; readonly owed: boolean; left: number } | undefined;

  function accountOf(client: Client, now: number): Account {
    const account = accounts.get(client) ?? { served: level, waitingSince: now, seenAt: now };
    accounts.set(client, account);
    if (now - account.seenAt > absentAfterMs) {
      account.served = Math.max(account.served, level);
      account.waitingSince = now;
    }
    account.seenAt = now;
    return account;
  }

  return {
    order(entries, now) {
      const clients = new Set(entries.map(({ client }) => client));
      const waiting = [...clients].map((client) => {
        const account = accountOf(client, now);
        const owed = now - account.waitingSince >= longestWaitMs;
        return { client, account, owed, urgent: client.focused || owed };
      });
      level = Math.max(level, Math.min(...waiting.map(({ account }) => account.served)));
      const anyUrgent = waiting.some(({ urgent }) => urgent);
      const keeps = ({ client, urgent }: (typeof waiting)[number]): boolean =>
        turn?.client === client && turn.left > 0 && (turn.owed || urgent || !anyUrgent);
      waiting.sort(
        (a, b) =>
          Number(keeps(b)) - Number(keeps(a)) ||
          Number(b.urgent) - Number(a.urgent) ||
          a.account.served - b.account.served ||
          a.account.waitingSince - b.account.waitingSince,
      );
      return waiting.flatMap(({ client }) =>
        entries.filter((entry) => entry.client === client).sort(better),
      );
    },
    served({ client }, milliseconds, now) {
      const account = accountOf(client, now);
      if (turn?.client !== client || turn.left <= 0) {
        const owed = now - milliseconds - account.waitingSince >= longestWaitMs;
        turn = { client, owed, left: turnMs };
      }
      turn.left -= milliseconds;
      account.served += milliseconds * (client.focused ? focusedCost : 1);
      account.waitingSince = now;
    },
  };
}
