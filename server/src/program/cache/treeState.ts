import type { FileStamp } from './fileStamp';
import { IncludeGraph } from './includeGraph';

/** Where the linkage of a file stands: a shard of the state's list, and its beginning there. */
export interface LinkageRef {
  readonly shard: number;
  readonly start: number;
}

/** What the analysis of one file by itself came to. */
export interface FileOutcome {
  /** Bytes that were read; -1 when the file was refused before. */
  readonly bytes: number;
  /** It was parsed; other files hold no word that matters. */
  readonly analysed: boolean;
  readonly functions: number;
  readonly calls: number;
  readonly linkage: LinkageRef | undefined;
  readonly gaps: Readonly<Record<string, number>> | undefined;
  /** Why it was not analysed. */
  readonly refusal: FileRefusal | undefined;
}

export interface FileRefusal {
  readonly reason: string;
  /** The file system said no; otherwise the content is not kernel C. */
  readonly unreadable: boolean;
}

/** What is known of one file. */
export interface FileRecord {
  /** Undefined: what was read is not what is there now, so nothing of it is kept. */
  readonly stamp: FileStamp | undefined;
  /** A change since would show in the stamp. */
  readonly settled: boolean;
  /** Checksum of the content; empty where none was asked for. */
  readonly hash: string;
  /** Others include it, so that it matters also when it is not checked itself. */
  readonly included: boolean;
  /** Undefined: it is to be looked at (again), or only its content matters. */
  readonly outcome: FileOutcome | undefined;
}

/** A shard that was written down. */
export interface ShardRef {
  readonly part: string;
  readonly namesAt: number;
  readonly namesLength: number;
  readonly nameCount: number;
  readonly dataAt: number;
  readonly dataLength: number;
  /** Of names, then numbers. */
  readonly digest: string;
  /** Files in it when it was written. */
  readonly files: number;
}

/** What all files of a folder, or of the tree, say together. */
export interface ProgramRecord<F> {
  /** Of the linkage it rests on. */
  readonly digest: string;
  /** What could not be followed: how often, by reason. */
  readonly gaps: Readonly<Record<string, number>>;
  /** The piece that holds what they said. */
  readonly answers: string;
  /** Files that were looked at once more, with what their findings rest on. */
  readonly second: Map<string, SecondLook<F>>;
  /** Files that have changed since: what they said of members of structs does not hold any more. */
  readonly lost: Set<string>;
  /** Nothing has changed since. */
  current: boolean;
}

export interface SecondLook<F> {
  /** Of the verdicts and of the texts that they lead through. */
  readonly key: string;
  readonly findings: readonly F[];
}

/** All that is known of a tree under one model and one set of rules. `F`: a finding in plain values. */
export class TreeState<F> {
  /** By path relative to the root. */
  readonly records = new Map<string, FileRecord>();
  /** Findings of files by themselves; files without any are left out. */
  readonly findings = new Map<string, readonly F[]>();
  readonly shards: (ShardRef | undefined)[] = [];
  /** By what was checked: the folders that were given. */
  readonly programs = new Map<string, ProgramRecord<F>>();
  /** Names of the tree's files as they were listed. */
  names = '';
  private graph: IncludeGraph | undefined;

  constructor(private readonly makeGraph: () => IncludeGraph = () => new IncludeGraph()) {}

  /** Made when it is first asked for: a run over an unchanged tree does without. */
  get includes(): IncludeGraph {
    this.graph ??= this.makeGraph();
    return this.graph;
  }

  /** Forgets all about a file. */
  drop(path: string): void {
    this.reset(path);
    this.records.delete(path);
  }

  /** The file is to be looked at again, although its content is the same. */
  reset(path: string): void {
    const record = this.records.get(path);
    if (record) this.records.set(path, { ...record, outcome: undefined });
    this.findings.delete(path);
    this.includes.forget(path);
    for (const program of this.programs.values()) {
      program.second.delete(path);
      program.lost.add(path);
      program.current = false;
    }
  }
}
