[(line_comment) (block_comment)] @comment

; The string in front of a definition is its documentation.
((string_literal) @attribute @doc
  . [
    (abstract_definition)
    (assignment)
    (const_statement)
    (function_definition)
    (macro_definition)
    (macrocall_expression)
    (module_definition)
    (primitive_definition)
    (struct_definition)
  ])
((macrocall_expression
  (macro_identifier (identifier) @_doc)
  (macro_argument_list . (string_literal) @doc .)) @attribute
  (#eq? @_doc "doc"))

(module_definition name: (_) @name (block)? @body) @module.always
(struct_definition (type_head (identifier) @name) (block)? @body) @class
(struct_definition (type_head (parametrized_type_expression . (identifier) @name)) (block)? @body) @class
(struct_definition (type_head (binary_expression . (identifier) @name)) (block)? @body) @class
(struct_definition
  (type_head (binary_expression . (parametrized_type_expression . (identifier) @name))) (block)? @body) @class
(abstract_definition
  (type_head
    [
      (identifier) @name
      (parametrized_type_expression . (identifier) @name)
      (binary_expression . [(identifier) @name (parametrized_type_expression . (identifier) @name)])
    ])) @type
(primitive_definition
  (type_head [(identifier) @name (binary_expression . (identifier) @name)])) @type
((macrocall_expression (macro_identifier (identifier) @_enum) (macro_argument_list . (identifier) @name)) @enum
  (#eq? @_enum "enum"))

; Base.show(io, x) = ...: what stands in front of the dot is the scope.
(function_definition
  (signature
    [
      (call_expression . (field_expression value: (_) @scope [(identifier) @name (quote_expression (_) @name)] .))
      (typed_expression . (call_expression . (field_expression value: (_) @scope [(identifier) @name (quote_expression (_) @name)] .)))
      (where_expression . (call_expression . (field_expression value: (_) @scope [(identifier) @name (quote_expression (_) @name)] .)))
      (where_expression . (typed_expression . (call_expression . (field_expression value: (_) @scope [(identifier) @name (quote_expression (_) @name)] .))))
      (where_expression . (where_expression . (call_expression . (field_expression value: (_) @scope [(identifier) @name (quote_expression (_) @name)] .))))
    ])
  (block)? @body) @function
(function_definition
  (signature
    [
      (identifier) @name
      (call_expression . [(parenthesized_expression (typed_expression (_) @name .)) (_) @name])
      (typed_expression . (call_expression . [(parenthesized_expression (typed_expression (_) @name .)) (_) @name]))
      (where_expression . (call_expression . [(parenthesized_expression (typed_expression (_) @name .)) (_) @name]))
      (where_expression . (typed_expression . (call_expression . [(parenthesized_expression (typed_expression (_) @name .)) (_) @name])))
      (where_expression . (where_expression . (call_expression . [(parenthesized_expression (typed_expression (_) @name .)) (_) @name])))
      (where_expression . (where_expression . (typed_expression . (call_expression . [(parenthesized_expression (typed_expression (_) @name .)) (_) @name]))))
    ])
  (block)? @body) @function
(macro_definition (signature (call_expression . [(parenthesized_expression (typed_expression (_) @name .)) (_) @name])) (block)? @body) @macro
(assignment
  . [
    (call_expression . (field_expression value: (_) @scope [(identifier) @name (quote_expression (_) @name)] .))
    (typed_expression . (call_expression . (field_expression value: (_) @scope [(identifier) @name (quote_expression (_) @name)] .)))
    (where_expression . (call_expression . (field_expression value: (_) @scope [(identifier) @name (quote_expression (_) @name)] .)))
    (where_expression . (typed_expression . (call_expression . (field_expression value: (_) @scope [(identifier) @name (quote_expression (_) @name)] .))))
  ]
  . (operator) @body) @function
(assignment
  . [
    (call_expression . [(parenthesized_expression (typed_expression (_) @name .)) (_) @name])
    (typed_expression . (call_expression . [(parenthesized_expression (typed_expression (_) @name .)) (_) @name]))
    (where_expression . (call_expression . [(parenthesized_expression (typed_expression (_) @name .)) (_) @name]))
    (where_expression . (typed_expression . (call_expression . [(parenthesized_expression (typed_expression (_) @name .)) (_) @name])))
    (where_expression . (where_expression . (call_expression . [(parenthesized_expression (typed_expression (_) @name .)) (_) @name])))
  ]
  . (operator) @body) @function
(assignment . (identifier) @name (operator) @body [(arrow_function_expression) (function_definition)]) @function.minor
(const_statement (assignment . (identifier) @name (operator) @body)) @value

; @inline f(x) = ...
(macrocall_expression
  (macro_argument_list
    [(assignment) (function_definition) (macrocall_expression) (struct_definition)] @inner .)) @outer

((macrocall_expression (macro_identifier (identifier) @_test) (macro_argument_list . (string_literal) @name (_) @body))
  (#any-of? @_test "testset" "testitem" "testsetup")) @function
