import type { LayoutItem } from './ctype';
import { CHOICE_BEGIN, CHOICE_END, CHOICE_END_OPEN, CHOICE_NEXT } from './definitionText';

/** Gathers the members of a prepared definition; the choice words between them make {@link Choice}s. */
export class ChoiceStack {
  private items: LayoutItem[] = [];
  private readonly open: { readonly outer: LayoutItem[]; readonly arms: LayoutItem[][] }[] = [];

  add(item: LayoutItem): void {
    this.items.push(item);
  }

  /** Takes a choice word; false for any other word. */
  word(word: string): boolean {
    const choice = this.open.at(-1);
    switch (word) {
      case CHOICE_BEGIN:
        this.open.push({ outer: this.items, arms: [] });
        this.items = [];
        return true;
      case CHOICE_NEXT:
        choice?.arms.push(this.items);
        this.items = [];
        return true;
      case CHOICE_END:
      case CHOICE_END_OPEN:
        if (choice === undefined) return true;
        choice.arms.push(this.items);
        if (word === CHOICE_END_OPEN) choice.arms.push([]);
        choice.outer.push({ arms: choice.arms });
        this.items = choice.outer;
        this.open.pop();
        return true;
      default:
        return false;
    }
  }

  finish(): readonly LayoutItem[] {
    return this.items;
  }
}
