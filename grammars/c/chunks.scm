(comment) @comment

; A struct is named by its typedef, and with a variable declared behind it is one definition.
(type_definition
  type: [(struct_specifier body: (_) @body) (union_specifier body: (_) @body)] @class
  declarator: [(type_identifier) @name (pointer_declarator declarator: (type_identifier) @name)])
(type_definition
  type: (enum_specifier body: (_) @body) @enum
  declarator: [(type_identifier) @name (pointer_declarator declarator: (type_identifier) @name)])
(type_definition
  type: [(struct_specifier body: (_)) (union_specifier body: (_)) (enum_specifier body: (_))] @inner) @outer
(declaration
  type: [(struct_specifier body: (_)) (union_specifier body: (_)) (enum_specifier body: (_))] @inner) @outer

(field_declaration type: (struct_specifier name: (_) @name body: (_) @body) @class.minor)
(field_declaration type: (union_specifier name: (_) @name body: (_) @body) @class.minor)
(field_declaration type: (enum_specifier name: (_) @name body: (_) @body) @enum.minor)
(struct_specifier name: (_) @name body: (_) @body) @class
(union_specifier name: (_) @name body: (_) @body) @class
(enum_specifier name: (_) @name body: (_) @body) @enum

; SYSCALL_DEFINE2(name, ...) { ... }: what the grammar takes for a call with a block behind it.
((expression_statement
   (call_expression function: (identifier) @_macro arguments: (argument_list . (_) @name))) @head
  . (compound_statement) @body @function
  (#match? @_macro "^[A-Z][A-Z0-9_]+$"))

; main() { ... } without a type: the name passes for one.
(function_definition
  type: (type_identifier) @name
  declarator: (parenthesized_declarator (identifier))
  body: (_) @body) @function
(function_definition declarator: (_) @declarator body: (_) @body) @function
(linkage_specification body: (function_definition) @inner) @outer

; A prototype is worth a chunk where its documentation makes it long.
(declaration
  declarator: [
    (function_declarator)
    (pointer_declarator declarator: (function_declarator))
    (pointer_declarator declarator: (pointer_declarator declarator: (function_declarator)))
  ] @declarator
  ";" @body) @function.minor

(declaration declarator: (init_declarator declarator: (_) @declarator value: (initializer_list) @body)) @value

(preproc_function_def name: (_) @name value: (_) @body) @macro.minor
(preproc_def name: (_) @name value: (_) @body) @macro.minor
