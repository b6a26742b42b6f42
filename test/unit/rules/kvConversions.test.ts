import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { verdictsOfFile } from '../../../server/src/program/analyseSource';
import type { Fix } from '../../../server/src/rules/rule';
import { DEFAULT_RULE_SETTINGS, runRules } from '../../../server/src/rules/run';
import { analyseText, modelFor } from '../../support/analyse';

/** The fixes of prefer-kvmalloc in a text, each with the text it makes; undefined when there is no finding. */
function offered(text: string, kernel = '6.1') {
  const model = modelFor(kernel);
  const facts = analyseText(text, 'drivers/misc/some.c', model, true);
  const run = runRules(facts, model, { ...DEFAULT_RULE_SETTINGS, possible: true }, { verdicts: verdictsOfFile(facts, model) });
  const finding = run.findings.find(({ rule }) => rule === 'prefer-kvmalloc');
  return finding?.fixes?.map((fix) => ({ title: fix.title, safety: fix.safety, text: applied(text, fix) }));
}

function applied(text: string, fix: Fix): string {
  const edits = [...fix.edits].sort((a, b) => b.range.start - a.range.start);
  return edits.reduce((now, { range, newText }) => now.slice(0, range.start) + newText + now.slice(range.end), text);
}

/** A function with a buffer of 256 KiB that it uses in one way. */
function buffer(use: string): string {
  return `static int start(struct d *d)
{
	u8 *buf = kzalloc(262144, GFP_KERNEL);

	if (!buf)
		return -ENOMEM;
	${use}
	kfree(buf);
	return 0;
}
`;
}

describe('conversions that maintainers made', () => {
  test('queues of a network device, one for each processor', () => {
    const fixes = offered(`
struct queue {
	struct napi_struct *napi;
	u64 counters[8];
	u8 pad[760];
};

struct link_priv {
	struct queue *rq;
};

static int link_alloc_queues(struct net_device *dev)
{
	struct link_priv *priv = netdev_priv(dev);
	int i;

	priv->rq = kcalloc(dev->num_rx_queues, sizeof(*priv->rq), GFP_KERNEL_ACCOUNT);
	if (!priv->rq)
		return -ENOMEM;
	for (i = 0; i < dev->num_rx_queues; i++)
		u64_stats_init(&priv->rq[i].counters);
	return 0;
}

static void link_free_queues(struct net_device *dev)
{
	struct link_priv *priv = netdev_priv(dev);

	kfree(priv->rq);
}
`);
    assert.equal(fixes?.[0]?.title, 'Use kvcalloc() and kvfree()');
    assert.equal(fixes?.[0]?.safety, 'safe');
    assert.match(fixes?.[1]?.title ?? '', /with __GFP_RETRY_MAYFAIL: large long-lived arrays/);
    assert.match(
      fixes?.[1]?.text ?? '',
      /kvcalloc\(dev->num_rx_queues, sizeof\(\*priv->rq\), GFP_KERNEL_ACCOUNT \| __GFP_RETRY_MAYFAIL\);/,
    );
    assert.match(fixes?.[1]?.text ?? '', /\tkvfree\(priv->rq\);/);
  });

  test('checksums of an extent, computed by a hash that takes virtual addresses', () => {
    const fixes = offered(`
static int sum_extent(struct shash_desc *hash, const u8 *data, unsigned int blocks, u8 *out)
{
	u8 *sums = kzalloc(blocks * 32, GFP_KERNEL);
	unsigned int i;

	if (!sums)
		return -ENOMEM;
	for (i = 0; i < blocks; i++)
		crypto_shash_digest(hash, data + i * 4096, 4096, sums + i * 32);
	memcpy(out, sums, 32);
	kfree(sums);
	return 0;
}
`);
    assert.deepEqual([fixes?.[0]?.title, fixes?.[0]?.safety], ['Use kvzalloc() and kvfree()', 'safe']);
  });

  test('the state of a parser, handed to functions of a table', () => {
    const fixes = offered(`
struct parser {
	u8 stack[70000];
	unsigned int depth;
};

static int parse_report(struct device_report *report)
{
	struct parser *parser = kzalloc(sizeof(*parser), GFP_KERNEL | __GFP_RETRY_MAYFAIL);
	int ret;

	if (!parser)
		return -ENOMEM;
	ret = report->ops->parse(parser);
	if (ret) {
		kfree(parser);
		return ret;
	}
	kfree(parser);
	return 0;
}
`);
    assert.equal(fixes?.[0]?.safety, 'unsafe');
    assert.match(fixes?.[0]?.title ?? '', /^Use kvzalloc\(\) and kvfree\(\); look first: it is passed to report->ops->parse\(\)/);
    assert.equal(fixes?.[0]?.text.match(/\bkvfree\(parser\);/g)?.length, 2);
  });

  test('a table of a network card, freed by a helper on the error path and by another on removal', () => {
    const fixes = offered(`
struct entry {
	u64 cookie;
	u64 rule[6];
};

struct card {
	struct entry *table;
	u32 entries;
};

static void card_drop_table(struct card *card)
{
	kfree(card->table);
	card->table = NULL;
}

static int card_make_table(struct card *card)
{
	card->table = kcalloc(card->entries, sizeof(*card->table), GFP_KERNEL);
	if (!card->table)
		return -ENOMEM;
	if (card->entries > 1 << 20) {
		card_drop_table(card);
		return -EINVAL;
	}
	return 0;
}

static void card_remove(struct card *card)
{
	struct entry *old = card->table;

	kfree_rcu(old, rule);
}
`);
    assert.equal(fixes?.[0]?.title, 'Use kvcalloc() and kvfree() and kvfree_rcu()');
    assert.equal(fixes?.[0]?.safety, 'safe');
    assert.match(fixes?.[0]?.text ?? '', /kvfree_rcu\(old, rule\)/);
  });

  test('memory that a helper hands out through a pointer', () => {
    const helper = (more: string) => `
static int log_new(char **out, size_t *size)
{
	char *log = kzalloc(262144, GFP_KERNEL);

	if (!log)
		return -ENOMEM;
	*out = log;
	*size = 262144;${more}
	return 0;
}

static int log_show(struct seq_file *m)
{
	char *log;
	size_t size;

	if (log_new(&log, &size))
		return -ENOMEM;
	seq_write(m, log, size);
	kfree(log);
	return 0;
}
`;
    const fixes = offered(helper(''));
    assert.deepEqual([fixes?.[0]?.title, fixes?.[0]?.safety], ['Use kvzalloc() and kvfree()', 'safe']);
    assert.match(fixes?.[0]?.text ?? '', /kvzalloc\(262144[\s\S]*kvfree\(log\)/);
    // Somebody else gets the pointer to the pointer.
    assert.equal(offered(helper('\n\tlog_register(out);'))?.[0]?.safety, undefined);
  });

  test('memory that the end of its scope frees', () => {
    const fixes = offered(
      `
static int copy_names(const char *from, size_t count)
{
	char *names __free(kfree) = kcalloc(count, 64, GFP_KERNEL);

	if (!names)
		return -ENOMEM;
	memcpy(names, from, count * 64);
	return 0;
}
`,
      '6.12',
    );
    assert.equal(fixes?.[0]?.safety, 'safe');
    assert.match(fixes?.[0]?.text ?? '', /char \*names __free\(kvfree\) = kvcalloc\(count, 64, GFP_KERNEL\);/);
  });
});

describe('conversions that maintainers took back', () => {
  test('a request whose buffer ends in a scatterlist', () => {
    const fixes = offered(`
static int encrypt(struct crypto_aead *tfm, struct message *msg, unsigned int len)
{
	struct scatterlist sg;
	u8 *iv = kzalloc(len, GFP_KERNEL);

	if (!iv)
		return -ENOMEM;
	sg_init_one(&sg, iv, len);
	aead_request_set_crypt(msg->req, &sg, &sg, len, iv);
	kfree(iv);
	return 0;
}
`);
    assert.equal(fixes, undefined);
  });

  test('a request whose parts are handed out by an aligned address', () => {
    const fixes = offered(`
static void *request_alloc(struct crypto_aead *tfm, unsigned int len, u8 **iv)
{
	u8 *p = kzalloc(len, GFP_KERNEL);

	if (!p)
		return NULL;
	*iv = (u8 *)PTR_ALIGN(p, crypto_aead_alignmask(tfm) + 1);
	return p;
}

static int request_run(struct crypto_aead *tfm, unsigned int len)
{
	u8 *iv;
	void *req = request_alloc(tfm, len, &iv);

	if (!req)
		return -ENOMEM;
	kfree(req);
	return 0;
}
`);
    assert.equal(fixes?.[0]?.safety, 'unsafe');
    assert.match(fixes?.[0]?.title ?? '', /look first: it is passed to PTR_ALIGN\(\)/);
  });

  test('a message of which the address behind its header is given out', () => {
    const fixes = offered(`
struct header {
	u32 length;
	u8 data[];
};

void *message_get(struct fw *fw, u32 length)
{
	struct header *h = kzalloc(sizeof(*h) + length, GFP_KERNEL);

	if (!h)
		return NULL;
	h->length = length;
	if (fw->dead) {
		kfree(h);
		return NULL;
	}
	return h->data;
}
`);
    assert.equal(fixes?.[0]?.safety, 'unsafe');
    assert.match(fixes?.[0]?.title ?? '', /look first: an address inside it is handed on/);
  });

  test('memory that is freed while a spinlock is held', () => {
    const fixes = offered(`
static int slots_resize(struct slots *s, unsigned int count)
{
	u32 *old, *map = kcalloc(count, sizeof(*map), GFP_KERNEL);

	if (!map)
		return -ENOMEM;
	spin_lock(&s->lock);
	if (s->count > count) {
		kfree(map);
		spin_unlock(&s->lock);
		return -EBUSY;
	}
	map[0] = s->count;
	spin_unlock(&s->lock);
	kfree(map);
	return 0;
}
`);
    assert.match(fixes?.[0]?.title ?? '', /look first: kvfree\(\) may sleep, but it is freed while &s->lock is held/);
  });

  test('memory that somebody needs in one block, or may need so', () => {
    const uses = [
      'd->dma = dma_map_single(d->dev, buf, 262144, DMA_TO_DEVICE);',
      'sg_init_one(&d->sg, buf, 262144);',
      'sg_set_buf(&d->sg, buf, 262144);',
      'crypto_aead_setkey(d->tfm, buf, 64);',
      'skcipher_request_set_crypt(d->req, (void *)buf, (void *)buf, 1, NULL);',
      'd->page = virt_to_page(buf);',
      'd->dma = virt_to_phys(buf);',
      'usb_fill_bulk_urb(d->urb, d->udev, 0, buf, 262144, done, d);',
      'd->urb->transfer_buffer = buf;',
      'd->xfer.tx_buf = buf;',
      'spi_write(d->spi, buf, 262144);',
      'i2c_master_send(d->client, buf, 262144);',
      'writel(lower_32_bits(virt_to_phys(buf)), d->ring);',
      'virtqueue_add_outbuf(d->vq, &d->sg, 1, buf, GFP_KERNEL);',
      'page_frag_free(buf);',
      'd->skb = build_skb(buf, 262144);',
      'd->skb->head = buf;',
      'bio_add_page(d->bio, virt_to_page(buf), 4096, 0);',
      'd->size = ksize(buf);',
    ];
    for (const use of uses) {
      assert.equal(offered(buffer(use)), undefined, use);
    }
    const maybe = [
      'd->ops->send(d, buf);',
      'd->cookie = (unsigned long)buf;',
      'kobject_set_name(&d->kobj, "%s", buf);',
      'd->owner = container_of(buf, struct o, b);',
    ];
    for (const use of maybe) {
      assert.equal(offered(buffer(use))?.[0]?.safety, 'unsafe', use);
      assert.match(offered(buffer(use))?.[0]?.title ?? '', /look first: /, use);
    }
  });

  test('sizes that fit a page are never touched', () => {
    const fixes = offered(`
static int read_page(const void __user *from, size_t len)
{
	char *page;

	if (len > PAGE_SIZE)
		return -EINVAL;
	page = kmalloc(len, GFP_KERNEL);
	if (!page)
		return -ENOMEM;
	if (copy_from_user(page, from, len))
		page[0] = 0;
	kfree(page);
	return 0;
}
`);
    assert.equal(fixes, undefined);
  });
});
