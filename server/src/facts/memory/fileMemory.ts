import type { KernelModel, MemoryFamily } from '../../kernel/model';
import { NodeKind } from '../../syntax/nodes';
import type { SourceFile } from '../../syntax/sourceFile';
import { Role } from '../names';
import type { CallSite, FileFacts, FunctionFacts } from '../site';
import type { CType } from '../sizes/ctype';
import { createSizeEvaluator, type SizeEvaluator } from '../sizes/evaluate';
import { FileNodes } from './fileNodes';
import { FreeContexts } from './freeContexts';
import { NamesBeside } from './namesBeside';
import { PlaceHistories, type PlaceHistory } from './placeHistories';
import { classifyUse, type PlaceUse, type UseSource } from './placeUses';

/** Steps that walks from single allocations may take in one file; those of the kernel stay far below. */
const MAX_STEPS = 300_000;
const memories = new WeakMap<FileFacts, FileMemory>();

/** The memory queries of a file; made once per file. */
export function memoryOf(facts: FileFacts, model: KernelModel): FileMemory {
  let memory = memories.get(facts);
  if (memory === undefined) {
    memory = new FileMemory(facts, model);
    memories.set(facts, memory);
  }
  return memory;
}

/** Questions about pointers that go beyond one statement, answered from the text of one file. */
export class FileMemory extends FileNodes implements UseSource {
  readonly histories: PlaceHistories;
  readonly freeContexts: FreeContexts;
  readonly namesBeside: NamesBeside;
  /** Functions with calls that matter, by their node. */
  private readonly owners: ReadonlyMap<number, FunctionFacts>;
  /** Calls of these by node, as far as somebody asked: that solves their function. */
  private readonly calls = new Map<number, ReadonlyMap<number, CallSite>>();
  private readonly memberKeys = new Map<number, string | undefined>();
  private readonly otherAllocations = new Map<readonly MemoryFamily[], readonly CallSite[]>();
  private sizes: SizeEvaluator | undefined;
  private steps = 0;
  private allAllocations: readonly CallSite[] | undefined;

  constructor(
    private readonly facts: FileFacts,
    private readonly model: KernelModel,
  ) {
    super(facts.file);
    this.histories = new PlaceHistories(this);
    this.freeContexts = new FreeContexts(facts.scope);
    this.namesBeside = new NamesBeside(this);
    this.owners = new Map(facts.functions.map((owner) => [owner.entry.node, owner]));
  }

  /** One step of a walk that starts anew for each allocation. */
  spend(): void {
    this.steps++;
  }

  get isSpent(): boolean {
    return this.steps > MAX_STEPS;
  }

  get evaluator(): SizeEvaluator {
    this.sizes ??= createSizeEvaluator(this.file, this.model, { lookup: this.facts.headers });
    return this.sizes;
  }

  call(node: number): CallSite | undefined {
    const owner = this.owners.get(this.functionNodeAt(node));
    return owner && this.callsIn(owner).get(node);
  }

  private callsIn(owner: FunctionFacts): ReadonlyMap<number, CallSite> {
    let calls = this.calls.get(owner.entry.node);
    if (calls === undefined) {
      calls = new Map(owner.calls.flatMap((call) => (call.origin === 'macro' ? [] : [[call.node, call]])));
      this.calls.set(owner.entry.node, calls);
    }
    return calls;
  }

  get sourceFile(): SourceFile {
    return this.file;
  }

  isArray(node: number): boolean | undefined {
    const { kind } = this.evaluator.typeOf(this.tree, node);
    return kind === 'unknown' ? undefined : kind === 'array';
  }

  /** Where the result of a call goes: the lvalue nodes of `a = b = call()` (a declarator for `T *p = call()`), outermost last. */
  targets(call: CallSite): readonly number[] {
    return this.targetsOf(call.node);
  }

  /** Declared type of the place that a result is stored in. */
  targetType(target: number): CType | undefined {
    if (this.tree.kind[target] !== NodeKind.Declarator) return this.evaluator.typeOf(this.tree, target);
    return this.evaluator.typeOfName(this.tree.tok[target]!);
  }

  /** Every call of the file that allocates. */
  get allocations(): readonly CallSite[] {
    this.allAllocations ??= [...this.owners.values()]
      .filter(({ entry }) => this.facts.scope.mentions(this.tree, entry.node, Role.Allocates))
      .flatMap((owner) => [...this.callsIn(owner).values()].filter((call) => call.api?.allocates !== undefined));
    return this.allAllocations;
  }

  /** Allocations of families in `among` that are not in `families`; remembered by that list, which is the catalogue's own. */
  allocationsNotOf(families: readonly MemoryFamily[], among: ReadonlySet<MemoryFamily>): readonly CallSite[] {
    let others = this.otherAllocations.get(families);
    if (others === undefined) {
      others = this.allocations.filter(({ api }) => among.has(api!.allocates!) && !families.includes(api!.allocates!));
      this.otherAllocations.set(families, others);
    }
    return others;
  }

  /** The member that a local variable was read from, if it holds nothing else; otherwise the place itself. */
  aliasedPlace(node: number): number {
    const place = this.place(node);
    if (this.tree.kind[place] !== NodeKind.Identifier) return place;
    const values = this.history(place)?.uses.flatMap((use) => (use.kind === 'assigned' && use.nullValue !== true ? [use.other!] : []));
    const [only] = values ?? [];
    return values?.length === 1 && isMemberPlace(this.tree.kind[only!]!) ? only! : place;
  }

  /** What is done with the place that a node names. */
  useOf(node: number): PlaceUse {
    return classifyUse(this, node);
  }

  /** The history of the place that a node names: an Identifier, a Declarator, an Arrow or Member, or an element of a member. Undefined for other places. */
  history(node: number): PlaceHistory | undefined {
    return this.histories.of(this.place(node));
  }

  /** `struct foo.ring` or, through members whose struct is not in sight, `struct foo.rx.ring`; undefined when the root is unknown. */
  memberKey(node: number): string | undefined {
    if (!this.memberKeys.has(node)) this.memberKeys.set(node, this.makeMemberKey(node));
    return this.memberKeys.get(node);
  }

  private makeMemberKey(node: number): string | undefined {
    const { tree } = this;
    const name = this.tokenText(tree.tok[node]!);
    const base = tree.child[node]!;
    const type = this.evaluator.typeOf(tree, base);
    const record = type.kind === 'pointer' ? type.to : type;
    if (record.kind === 'record' && record.tag !== '') return `${record.tag}.${name}`;
    if (record.kind === 'unknown' && record.name !== '') return `${record.name}.${name}`;
    const outer = this.placeKey(base);
    return outer === undefined ? undefined : `${outer}.${name}`;
  }

  private placeKey(node: number): string | undefined {
    const { tree } = this;
    const kind = tree.kind[node];
    if (kind === NodeKind.Paren || kind === NodeKind.Index) return this.placeKey(tree.child[node]!);
    return kind === NodeKind.Arrow || kind === NodeKind.Member ? this.memberKey(node) : undefined;
  }
}

function isMemberPlace(kind: number): boolean {
  return kind === NodeKind.Arrow || kind === NodeKind.Member || kind === NodeKind.Index;
}
