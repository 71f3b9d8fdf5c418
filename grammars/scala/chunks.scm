[(comment) (block_comment)] @comment
(annotation) @attribute

(package_clause name: (_) @name body: (_) @body) @module
(package_clause name: (_) @package)

(class_definition name: (_) @name body: (_)? @body) @class
(object_definition name: (_) @name body: (_)? @body) @class
(package_object name: (_) @name body: (_)? @body) @class
(trait_definition name: (_) @name body: (_)? @body) @interface
(enum_definition name: (_) @name body: (_)? @body) @enum
(type_definition name: (_) @name) @type.minor

(function_definition name: (_) @name body: (_) @body) @function
(function_declaration name: (_) @name) @function.minor

; Instances: given ordering: Ordering[Int] with ...; implicit val encode: Encoder[Foo] = new Encoder[Foo] { ... }
(given_definition name: (_) @name body: [(with_template_body) (template_body)] @body) @class
(given_definition name: (_) @name body: (_) @body) @function
(given_definition return_type: (_) @name body: [(with_template_body) (template_body)] @body) @class
(val_definition pattern: (identifier) @name value: (instance_expression (template_body)) @body) @class.minor
; extension (s: String) def words = ...
(extension_definition parameters: (parameters . (parameter type: (generic_type type: (_) @name)) .)) @module
(extension_definition parameters: (parameters . (parameter type: (_) @name) .)) @module

(val_definition pattern: (identifier) @name value: [(lambda_expression) (block) (indented_block)] @body) @function.minor
(compilation_unit (val_definition pattern: (identifier) @name value: (_) @body) @value)

; test("what") { ... }
(call_expression
  function: (call_expression function: (identifier) @_test arguments: (arguments . [(string) (interpolated_string_expression)] @name))
  arguments: [(block) (colon_argument)] @body
  (#any-of? @_test "test" "it" "property" "check" "checkAll" "ignore")) @function
(call_expression
  function: (call_expression function: (identifier) @_group arguments: (arguments . (string) @name .))
  arguments: [(block) (colon_argument)] @body
  (#any-of? @_group "describe" "suite" "context")) @module
; "A stack" should "pop" in { ... }; "pop" in { ... }
(infix_expression
  left: (infix_expression left: (string) @scope right: (string) @name)
  operator: (identifier) @_in
  right: (block) @body
  (#any-of? @_in "in" "taggedAs")) @function
(infix_expression
  left: [(string) (interpolated_string_expression) (infix_expression left: (string))] @name
  operator: (identifier) @_in
  right: (block) @body
  (#any-of? @_in "in" "taggedAs")) @function
(infix_expression
  left: (string) @name
  operator: (identifier) @_group
  right: (block) @body
  (#any-of? @_group "should" "when" "must" "can" "that" "which")) @module
