// A bill of materials in CycloneDX 1.6: the npm packages whose code is in the bundles. The same sources give the same text.

/**
 * @param {{ readonly name: string, readonly version: string, readonly license: string }} program
 * @param {readonly import('./shipped.mjs').Shipped[]} shipped
 * @returns {string} JSON
 */
export function sbomOf(program, shipped) {
  const components = shipped.map((one) => ({ type: 'library', ...component(one) }));
  const own = component(program);
  return `${JSON.stringify(
    {
      $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
      bomFormat: 'CycloneDX',
      specVersion: '1.6',
      version: 1,
      metadata: { component: { type: 'application', ...own } },
      components,
      dependencies: [{ ref: own['bom-ref'], dependsOn: components.map((one) => one['bom-ref']) }],
    },
    null,
    2,
  )}\n`;
}

function component({ name, version, license }) {
  const purl = `pkg:npm/${name.replace(/^@/, '%40')}@${version}`;
  return { 'bom-ref': purl, name, version, purl, licenses: [{ license: { id: license } }] };
}
