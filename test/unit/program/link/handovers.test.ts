import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { findingsIn, linkTree, type TreeFiles, type TreeOptions, treeMismatch } from '../../../support/linkedTree';

const BUFFER = 'drivers/media/buffer.c';
const USER = 'drivers/video/user.c';

/** A library of buffers in one folder, and a driver in another that shares no struct with it. */
function files(library: string, user: string): TreeFiles {
  const head = '#include <linux/mm.h>\n#include <linux/slab.h>\n\n';
  return { [BUFFER]: head + library, [USER]: head + user };
}

/** A function that makes a large table, does something with it, and returns an error otherwise. */
function makes(table: string, then: string): string {
  return `int video_probe(struct video *v)
{
	u32 *table;

	table = ${table};
	if (!table)
		return -ENOMEM;
${then}
	return 0;
}
`;
}

describe('memory that is an argument of a function of another file', () => {
  const release = (free: string) => `void buffer_release(struct owner *o, void *data)
{
	owner_put(o);
${free}
}
`;
  const kv = makes('kvcalloc(v->count, 4, GFP_KERNEL)', '	buffer_release(v->owner, table);');

  test('is freed there in a wrong way', () => {
    const want =
      '	kfree(data); // want free-mismatch "kfree() cannot free data: it comes from kvcalloc() in drivers/video/user.c, which kvfree() frees"';
    assert.equal(treeMismatch(files(release(want), kv)), '');
  });

  test('is freed there as it should be', () => {
    assert.equal(treeMismatch(files(release('	kvfree(data);'), kv)), '');
  });

  test('is followed through names that are no words', () => {
    const library = release(
      '	kfree(data); // want free-mismatch "kfree() cannot free data: it comes from kvcalloc() in drivers/video/user.c, which kvfree() frees"',
    );
    const large = 'void *müll(void)\n{\n\treturn kzalloc(SZ_1M, GFP_KERNEL); // want costly-order "order 8"\n}\n';
    const named = (text: string) => text.replaceAll('buffer_release', 'buffer_lösen_release');
    assert.equal(treeMismatch(files(named(library), named(kv) + large)), '');
  });

  test('is only possibly wrong where something else decides that it is freed', () => {
    const want = `	if (o->owns_data)
		kfree(data); // want? free-mismatch "kfree() cannot free data"`;
    assert.equal(treeMismatch(files(release(want), kv)), '');
  });

  test('is left alone where a flag chooses between two functions', () => {
    const both = `	if (o->large)
		kvfree(data);
	else
		kfree(data);`;
    assert.equal(treeMismatch(files(release(both), kv)), '');
  });

  test('is left alone when the driver may mean a function of its own folder', () => {
    const other = { 'drivers/video/release.c': 'void buffer_release(struct owner *o, void *data)\n{\n	kvfree(data);\n}\n' };
    assert.equal(treeMismatch({ ...files(release('	kfree(data);'), kv), ...other }), '');
  });

  test('is only possibly wrong where the function keeps it in a member: others may hand in other memory', () => {
    const keeper = `struct buffer {
	void *data;
};

void buffer_attach(struct buffer *b, void *data)
{
	b->data = data;
}

void buffer_remove(struct buffer *b)
{
	kfree(b->data); // want? free-mismatch "it comes from kvcalloc() in drivers/video/user.c"
}
`;
    const user = makes('kvcalloc(v->count, 4, GFP_KERNEL)', '	buffer_attach(v->buffer, table);');
    // The name says nothing of an end: it is not even asked.
    assert.doesNotMatch(treeMismatch(files(keeper, user)), /surplus.*definite/);
    const ending = files(keeper.replaceAll('buffer_attach', 'buffer_put_data'), user.replaceAll('buffer_attach', 'buffer_put_data'));
    assert.equal(treeMismatch(ending), '');
  });
});

describe('memory that a function of another file returns', () => {
  const maker = `void *buffer_table(unsigned int count)
{
	return kvcalloc(count, 4, GFP_KERNEL);
}
`;

  test('is freed in a wrong way out of the member it is stored in', () => {
    const user = `struct video {
	u32 *table;
};

int video_start(struct video *v)
{
	v->table = buffer_table(64);
	return v->table ? 0 : -ENOMEM;
}

void video_stop(struct video *v)
{
	kfree(v->table); // want free-mismatch "it comes from kvcalloc() in drivers/media/buffer.c"
}
`;
    assert.equal(treeMismatch(files(maker, user)), '');
  });

  test('is freed in a wrong way when an inline function of a header makes it', () => {
    const header = 'static inline void *video_alloc(size_t size)\n{\n	return vmalloc(size);\n}\n';
    const user = makes('video_alloc(v->size)', '	kfree(table); // want free-mismatch "it comes from vmalloc() in drivers/video/video.h"');
    assert.equal(treeMismatch({ 'drivers/video/video.h': header, [USER]: `#include "video.h"\n\n${user}` }), '');
  });

  test('is freed in a wrong way out of a variable of the file', () => {
    const user = `static u32 *video_table;

int video_init(void)
{
	video_table = buffer_table(64);
	return video_table ? 0 : -ENOMEM;
}

void video_exit(void)
{
	kfree(video_table); // want free-mismatch "it comes from kvcalloc() in drivers/media/buffer.c"
}
`;
    assert.equal(treeMismatch(files(maker, user)), '');
  });
});

/** The fix of the large allocation in a file: its title and safety, and where it changes what. */
function conversion(tree: TreeFiles, path: string, options?: TreeOptions) {
  const finding = findingsIn(linkTree(tree, options), path).find(({ rule }) => rule === 'prefer-kvmalloc');
  const fix = finding?.fixes?.[0];
  const edits = fix?.edits.map((edit) => {
    const file = edit.path ?? path;
    return `${file}: ${tree[file]!.slice(edit.range.start, edit.range.end)} -> ${edit.newText}`;
  });
  return fix === undefined ? undefined : { title: fix.title, safety: fix.safety, edits };
}

describe('a large array', () => {
  const LARGE = 'kcalloc(65536, sizeof(u32), GFP_KERNEL)';
  const user = makes(LARGE, '	buffer_fill(v->owner, table);\n	kfree(table);');
  const fills = (body: string) => `void buffer_fill(struct owner *o, u32 *data)\n{\n${body}\n}\n`;

  test('that another file only fills is converted', () => {
    assert.deepEqual(conversion(files(fills('	data[0] = o->first;'), user), USER), {
      title: 'Use kvcalloc() and kvfree()',
      safety: 'safe',
      edits: [`${USER}: kcalloc -> kvcalloc`, `${USER}: kfree -> kvfree`],
    });
  });

  test('that another file maps for a device is not', () => {
    const maps = fills('	o->dma = dma_map_single(o->dev, data, 4096, DMA_TO_DEVICE);');
    assert.equal(conversion(files(maps, user), USER), undefined);
  });

  test('that another file keeps wants a person', () => {
    assert.equal(conversion(files(fills('	o->data = data;'), user), USER)?.safety, 'unsafe');
  });

  test('that another file frees is converted in both', () => {
    const drops = makes(LARGE, '	buffer_fill(v->owner, table);');
    assert.deepEqual(conversion(files(fills('	kfree(data);'), drops), USER), {
      title: 'Use kvcalloc() and kvfree() in 2 files',
      safety: 'safe',
      edits: [`${USER}: kcalloc -> kvcalloc`, `${BUFFER}: kfree -> kvfree`],
    });
  });

  const maker = `u32 *buffer_table(void)\n{\n	return ${LARGE};\n}\n`;
  const frees = `int video_run(struct video *v)
{
	u32 *table = buffer_table();

	if (!table)
		return -ENOMEM;
	kfree(table);
	return 0;
}
`;

  test('that is returned to another file is converted there too, when all callers are known', () => {
    assert.deepEqual(conversion(files(maker, frees), BUFFER), {
      title: 'Use kvcalloc() and kvfree() in 2 files',
      safety: 'safe',
      edits: [`${BUFFER}: kcalloc -> kvcalloc`, `${USER}: kfree -> kvfree`],
    });
    assert.equal(conversion(files(maker, frees), BUFFER, { complete: false }), undefined);
  });

  test('that is returned to whoever has a pointer to the function is left alone', () => {
    const table = `${frees}\nconst struct video_ops ops = { .table = buffer_table };\n`;
    assert.equal(conversion(files(maker, table), BUFFER), undefined);
  });
});
