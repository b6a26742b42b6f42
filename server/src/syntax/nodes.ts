/**
 * Node kinds of the syntax tree and the children each has, in order. `tok` is the token that names the node; a child
 * written `x?` is left out when the source has none, `x…` repeats. Ranges are token ranges: [first, end).
 */
export const enum NodeKind {
  None = 0,

  // ── expressions ────────────────────────────────────────────────────────────────────────────
  /** tok: the name */
  Identifier,
  /** tok: the literal */
  Number,
  Char,
  /** One or more adjacent literals, macros between them included (`KERN_ERR "x" PRI`); tok: the first literal. */
  String,
  /** expr */
  Paren,
  /** callee, arg…; tok: the `(`. An argument is an expression, a TypeName, a Block (statements given to a macro), a Designated (`.h = 3` given to a macro) or Omitted. */
  Call,
  /** base, index; tok: the `[` */
  Index,
  /** base; tok: the member's name. Member is `base.name`, Arrow is `base->name`. */
  Member,
  Arrow,
  /** operand; tok: the operator: & * + - ~ ! ++ -- && (label address) */
  Unary,
  /** operand; tok: ++ or -- */
  Postfix,
  /** left, right; tok: the operator (arithmetic, bits, shifts, comparisons) */
  Binary,
  /** left, right; tok: && or || */
  Logical,
  /** left, right; tok: = += -= … */
  Assign,
  /** condition, then, else; tok: the `?`. GNU `a ?: b` has Omitted as its then. */
  Conditional,
  /** expr… ; tok: the first comma */
  Comma,
  /** TypeName, operand */
  Cast,
  /** operand; tok: sizeof / _Alignof */
  SizeofExpr,
  /** TypeName; tok: sizeof / _Alignof */
  SizeofType,
  /** TypeName, InitList */
  CompoundLiteral,
  /** item… where an item is an expression, an InitList or a Designated */
  InitList,
  /** (FieldDesignator | IndexDesignator)…, value */
  Designated,
  /** tok: the field's name (also for the old `name: value`) */
  FieldDesignator,
  /** from, to? (GNU range `[a ... b]`) */
  IndexDesignator,
  /** Block; GNU `({ … })` */
  StatementExpr,
  /** Specifiers, Declarator (abstract): a type in a cast, sizeof, or macro argument */
  TypeName,
  /** An empty macro argument or the omitted middle of `a ?: b`. */
  Omitted,

  // ── statements ─────────────────────────────────────────────────────────────────────────────
  /** statement or Declaration… */
  Block = 40,
  /** expr */
  ExprStatement,
  /** condition, then, else? */
  If,
  /** condition, body */
  While,
  /** body, condition */
  DoWhile,
  /** init (Declaration, expr or Omitted), condition or Omitted, step or Omitted, body */
  For,
  /** Call, body: an iterator macro such as `list_for_each_entry(…) stmt`; tok: the macro's name */
  ForEach,
  /** Call, body: `scoped_guard(…) stmt`, `scoped_cond_guard(…) stmt` and the like; tok: the macro's name */
  ScopedGuard,
  /** subject, body */
  Switch,
  /** value, to? (range), statement? ; tok: case */
  Case,
  /** statement? */
  Default,
  /** statement? ; tok: the label's name */
  Label,
  /** tok: the label's name */
  Goto,
  /** expr */
  ComputedGoto,
  /** expr? */
  Return,
  Break,
  Continue,
  /** operand expressions… (outputs and inputs of asm) */
  Asm,
  Empty,
  /** Tokens that could not be read; the damage list says why. Child: what could be read of a statement, if anything. */
  Damaged,

  // ── declarations ───────────────────────────────────────────────────────────────────────────
  /** Specifiers, Declarator… ; at file level, in blocks, in structs, and (one Declarator at most) in For */
  Declaration = 70,
  /**
   * Specifiers, Declarator, Declaration… (K&R parameters), Block; tok: the function's name. With aux
   * {@link DeclFlag.MacroHeader} (`SYSCALL_DEFINE3(open, …) { … }`): Call, Block, and tok is the first name inside the
   * parentheses or the macro's name when there is none.
   */
  Function,
  /**
   * One of TypeRef | StructSpec | EnumSpec | TypeofSpec | nothing (basic types), then Attribute…;
   * aux: {@link DeclFlag} bits. tok: the first token that names the type.
   */
  Specifiers,
  /** tok: the typedef's name */
  TypeRef,
  /** tok: the tag (0 if anonymous); aux: DeclFlag.Union for unions; children: (Declaration | MemberMacro)…, Attribute…; aux Body if a { } is present */
  StructSpec,
  /** tok: the tag (0 if anonymous); Enumerator… */
  EnumSpec,
  /** value? ; tok: the name */
  Enumerator,
  /** expr or TypeName */
  TypeofSpec,
  /**
   * tok: the declared name (0 if abstract). Children: derivations from the name outwards (Pointer | ArrayDim |
   * FunctionParams)…, BitWidth?, Attribute…, Initializer?. `int *(*fp[3])(int)` gives ArrayDim, Pointer,
   * FunctionParams, Pointer.
   */
  Declarator,
  Pointer,
  /** size? */
  ArrayDim,
  /** Parameter… ; aux DeclFlag.Ellipsis for `...` */
  FunctionParams,
  /** Specifiers, Declarator (perhaps abstract) */
  Parameter,
  /** width */
  BitWidth,
  /** expr or InitList */
  Initializer,
  /** arg… ; tok: the attribute's name: `__free(kfree)`, `__packed`, `__aligned(8)`, `cleanup` of `__attribute__((cleanup(f)))` */
  Attribute,
  /**
   * Call or Identifier, Initializer? : a macro that stands for members or for a whole declaration (`DECLARE_BITMAP(…);`,
   * `DEVICE_ATTR_RW(x);`, `DEFINE_THING(x) = { … };`); tok: its name
   */
  MacroDeclaration,
  /** Function | Declaration | MacroDeclaration | Damaged … */
  TranslationUnit,
}

/** Bits of `Tree.aux` for declaration nodes. */
export const enum DeclFlag {
  Static = 1,
  Extern = 2,
  Typedef = 4,
  Inline = 8,
  Const = 16,
  Unsigned = 32,
  /** short / long / long long and the basic type are read from the tokens. */
  Union = 64,
  Ellipsis = 128,
  MacroHeader = 256,
  Body = 512,
  Volatile = 1024,
  Signed = 2048,
  Weak = 4096,
}
