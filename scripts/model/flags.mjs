// flags.json + names.json -> per release: numbering of the bits, composites, order in which the kernel prints them. Equal parts are shared.

/** Not a constant of known flags only: it names the bits outside of them. */
const NOT_A_COMPOSITE = new Set(['GFP_SLAB_BUG_MASK']);
const BITS_MASK = '__GFP_BITS_MASK';

export function flagTable(flags, names) {
  const numberings = sharedList();
  const composites = sharedList();
  const prints = sharedList();
  const releases = [];
  for (const [release, row] of Object.entries(flags.versions)) {
    releases.push([
      release,
      row.tree,
      numberings.index(numbering(row)),
      composites.index(compositesOf(row)),
      prints.index(printOrder(release, names)),
    ]);
  }
  return {
    columns: ['release', 'tree', 'numbering', 'composites', 'print'],
    source: 'include/linux/gfp.h, gfp_types.h, include/trace/events/mmflags.h of the tree named in each row',
    releases,
    numberings: numberings.rows,
    composites: composites.rows,
    prints: prints.rows,
  };
}

function sharedList() {
  const rows = [];
  const known = new Map();
  return {
    rows,
    index(row) {
      const key = JSON.stringify(row);
      if (!known.has(key)) known.set(key, rows.push(row) - 1);
      return known.get(key);
    },
  };
}

/** Bits in ascending order as [name] or [name, value], with the CONFIG a bit depends on at the end. Enum numbering has no values: they follow from the position. */
function numbering(row) {
  const everything = (bit) => Number(typeof bit.value === 'string' ? bit.value : bit.value.arm64_kasan_hw_tags_lockdep);
  const bits = Object.entries(row.bits)
    .map(([name, bit]) => ({ name: name.slice(1), value: everything(bit), config: bit.config ?? null }))
    .sort((a, b) => a.value - b.value);
  if (row.numbering !== 'enum')
    return { kind: 'values', bits: bits.map((bit) => [bit.name, bit.value, ...(bit.config ? [bit.config] : [])]) };
  const rows = [];
  for (const bit of bits) {
    while (2 ** rows.length < bit.value) rows.push(['']);
    rows.push([bit.name, ...(bit.config ? [bit.config] : [])]);
  }
  return { kind: 'enum', bits: rows };
}

/** [name, names ORed, names removed] */
function compositesOf(row) {
  const rows = [];
  for (const [name, flag] of Object.entries(row.flags)) {
    const parts = flag.components.map((part) => (part.startsWith('___') ? part.slice(1) : part));
    if (parts.length !== 1 || parts[0] !== name) rows.push([name, parts]);
  }
  for (const [name, composite] of Object.entries(row.composites)) {
    rows.push(composite.minus.length > 0 ? [name, composite.defined_as, composite.minus] : [name, composite.defined_as]);
  }
  for (const [name, mask] of Object.entries(row.internal_masks_x86_64_distro)) {
    if (NOT_A_COMPOSITE.has(name)) continue;
    const others = mask.refs.filter((part) => part !== BITS_MASK);
    rows.push(mask.refs.includes(BITS_MASK) ? [name, [BITS_MASK], others] : [name, mask.refs]);
  }
  return rows;
}

function printOrder(release, names) {
  const version = parts(release);
  // 4.4 has no %pGg; its masks are shown in the order of the first release that has it.
  const wanted = release === '4.4' ? [4, 6] : version;
  const group = names.order_groups.find((row) => !before(wanted, parts(row.from)) && !before(parts(row.to), wanted));
  return group.order.map((name) => name.split(' ')[0]);
}

const parts = (release) => release.split('.').map(Number);
const before = (a, b) => a[0] < b[0] || (a[0] === b[0] && a[1] < b[1]);
