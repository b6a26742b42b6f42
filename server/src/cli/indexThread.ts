import type { MessagePort } from 'node:worker_threads';
import type { FromIndex, IndexSetup, ToIndex } from '../program/treeIndex/messages';
import { reasonOf } from './errors';
import { IndexSession, LostIndex } from './indexSession';

/** Serves one index over a port: one message after the other, but for `cancel`, which stops a look at the tree. */
export function serveIndex(setup: IndexSetup, port: MessagePort): void {
  const post = (message: FromIndex): void => port.postMessage(message);
  const session = new IndexSession(setup, post);
  let abort = new AbortController();
  let last = Promise.resolve();
  const refresh = async (): Promise<void> => {
    abort = new AbortController();
    await session.refresh(abort.signal);
  };
  const run = async (message: ToIndex): Promise<void> => {
    try {
      if (message.kind === 'refresh') await refresh();
      else if (message.kind === 'text') session.text(message.path, message.name, message.shard);
    } catch (error) {
      if (error instanceof LostIndex) await refresh().catch((again: unknown) => post({ kind: 'failed', message: reasonOf(again) }));
      else post({ kind: 'failed', message: reasonOf(error) });
    }
  };
  port.on('message', (message: ToIndex) => {
    if (message.kind === 'cancel') abort.abort();
    else last = last.then(() => run(message));
  });
}
