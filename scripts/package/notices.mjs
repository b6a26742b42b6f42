// The licences of what is bundled, as those licences ask for: THIRD-PARTY-NOTICES.txt beside the bundles.

/** @param {readonly import('./shipped.mjs').Shipped[]} shipped */
export function noticesOf(shipped) {
  const head = `This program contains code of the following packages.\n`;
  const parts = shipped.map(({ name, version, license, text }) => `${'-'.repeat(80)}\n${name} ${version} (${license})\n\n${text}\n`);
  return `${head}\n${parts.join('\n')}`;
}
