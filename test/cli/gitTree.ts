import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { addFiles, KERNEL_MAKEFILE, temporaryFolder } from './runCli';

const ENVIRONMENT = {
  ...process.env,
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_SYSTEM: '/dev/null',
  GIT_AUTHOR_NAME: 'A U Thor',
  GIT_AUTHOR_EMAIL: 'author@example.com',
  GIT_COMMITTER_NAME: 'A U Thor',
  GIT_COMMITTER_EMAIL: 'author@example.com',
};

/** A kernel tree under git, for tests of what a change brings in. */
export class GitTree {
  readonly root: string;

  constructor(files: Readonly<Record<string, string>>) {
    this.root = temporaryFolder({ Makefile: KERNEL_MAKEFILE });
    this.git('init', '-q', '-b', 'main');
    this.commit('start', files);
  }

  git(...args: readonly string[]): string {
    return execFileSync('git', ['-C', this.root, ...args], { encoding: 'latin1', env: ENVIRONMENT });
  }

  write(files: Readonly<Record<string, string>>): void {
    addFiles(this.root, files);
  }

  remove(file: string): void {
    rmSync(join(this.root, file));
  }

  commit(subject: string, files: Readonly<Record<string, string>> = {}): void {
    this.write(files);
    this.git('add', '-A');
    this.git('commit', '-q', '--allow-empty', '-m', subject, '-m', 'Why it is\nlike this.');
  }

  /** A mailbox of everything since a revision, as a maintainer gets it. */
  mails(since: string, ...options: readonly string[]): string {
    return this.git('format-patch', '--stdout', '--signature=2.43.0', ...options, since);
  }
}

/** A function that is right; `LOCK` and `UNLOCK` stand where a change puts them. */
export const PLAIN = `#include <linux/slab.h>

static int first(struct dev *d)
{
	d->a = 1;
	d->p = kmalloc(8, GFP_KERNEL);
	d->b = 2;
	return d->p ? 0 : -1;
}

static int second(struct dev *d)
{
	spin_lock(&d->lock);
	d->a = 1;
	spin_unlock(&d->lock);
	d->p = kmalloc(8, GFP_KERNEL);
	d->q = alloc_pages(GFP_DMA | __GFP_HIGHMEM, 0);
	return d->p ? 0 : -1;
}
`;
/** Takes a lock some lines above the allocation of \`first\`. */
export const LOCKED = PLAIN.replace('\td->a = 1;\n\td->p', '\tspin_lock(&d->lock);\n\td->a = 1;\n\td->p').replace(
  '\td->b = 2;\n',
  '\td->b = 2;\n\tspin_unlock(&d->lock);\n',
);
/** Does not release the lock of \`second\` before its allocation. */
export const UNLOCK_GONE = PLAIN.replace('\td->a = 1;\n\tspin_unlock(&d->lock);\n', '\td->a = 1;\n');
