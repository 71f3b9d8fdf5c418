(comment) @comment
(module_attribute name: (_) @package)

; The clauses of a function are one definition.
(fun_decl clause: (function_clause name: (_) @name args: (_) @arity body: (_) @body)) @function.clause
(spec) @attribute
((wild_attribute name: (attr_name name: (_) @_about) value: (string) @doc) @attribute (#eq? @_about "doc"))

(record_decl name: (_) @name) @class
(type_alias name: (type_name name: (_) @name)) @type
(opaque name: (type_name name: (_) @name)) @type
(callback fun: (_) @name) @function.minor
(pp_define lhs: (macro_lhs name: (_) @name args: (_)) replacement: (_) @body) @macro.minor
(pp_define lhs: (macro_lhs name: (_) @name)) @macro.minor
