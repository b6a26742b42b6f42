/** Gives the event loop its turn: messages that have arrived are handed out before this goes on. */
export const nextTurn: () => Promise<void> =
  typeof setImmediate === 'function'
    ? () => new Promise((resolve) => setImmediate(resolve))
    : () =>
        new Promise((resolve) => {
          // Timers of browsers wait some milliseconds, messages do not.
          const { port1, port2 } = new MessageChannel();
          const arrived = (): void => {
            port1.close();
            resolve();
          };
          port1.addEventListener('message', arrived);
          port1.start();
          port2.postMessage(undefined);
        });
