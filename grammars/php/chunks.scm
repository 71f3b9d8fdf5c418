(comment) @comment
(attribute_list) @attribute

(namespace_definition name: (_) @package !body)
(namespace_definition name: (_) @name body: (_) @body) @module

(class_declaration name: (_) @name body: (_) @body) @class
(trait_declaration name: (_) @name body: (_) @body) @class
(interface_declaration name: (_) @name body: (_) @body) @interface
(enum_declaration name: (_) @name body: (_) @body) @enum

(function_definition name: (_) @name body: (_) @body) @function
(method_declaration name: (_) @name body: (_) @body) @method
(method_declaration name: (_) @name !body ";" @body) @method.minor

; $name = function () { ... }; $this->name = fn () => ...; self::$name = ...
(expression_statement
  (assignment_expression
    left: [
      (variable_name (name) @name)
      (member_access_expression name: (_) @name)
      (scoped_property_access_expression name: (variable_name (name) @name))
      (subscript_expression (_) (string) @name)
    ]
    right: [(anonymous_function body: (_) @body) (arrow_function body: (_) @body)])) @function
(array_element_initializer
  . (string) @name
  . [(anonymous_function body: (_) @body) (arrow_function body: (_) @body)]) @function.minor

; it('does so', function () { ... }), describe('it', function () { ... })
(function_call_expression
  function: (name) @_group
  arguments: (arguments . (argument (string) @name) (argument (anonymous_function body: (_) @body)))
  (#any-of? @_group "describe" "context")) @module
(function_call_expression
  function: (name) @_group
  arguments: (arguments . (argument (string) @name) (argument (anonymous_function body: (_) @body)))
  (#any-of? @_group "it" "test")) @function
; Route::get('/path', function () { ... })
(scoped_call_expression
  arguments: (arguments . (argument (string) @name) (argument (anonymous_function body: (_) @body)))
  (#match? @name "^.[\\w /.:@{}#?*-]+.$")) @function.minor
(member_call_expression
  arguments: (arguments . (argument (string) @name) (argument (anonymous_function body: (_) @body)))
  (#match? @name "^.[\\w /.:@{}#?*-]+.$")) @function.minor
(function_call_expression
  arguments: (arguments . (argument (string) @name) (argument (anonymous_function body: (_) @body)))
  (#match? @name "^.[\\w /.:@{}#?*-]+.$")) @function.minor

(return_statement (array_creation_expression) @body) @value
(const_declaration (const_element (name) @name (array_creation_expression) @body)) @value
