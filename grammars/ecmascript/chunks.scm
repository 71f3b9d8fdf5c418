; What JavaScript, TypeScript and TSX have in common.

(function_declaration name: (_) @name body: (_) @body) @function
(generator_function_declaration name: (_) @name body: (_) @body) @function
(class_declaration name: (_) @name body: (_) @body) @class
(method_definition name: (_) @name body: (_) @body) @function

(variable_declarator
  name: (identifier) @name
  value: [(arrow_function body: (_) @body) (function_expression body: (_) @body) (generator_function body: (_) @body)]) @function
(variable_declarator name: (identifier) @name value: (class body: (_) @body)) @class

; A function wrapped in calls: const Button = memo(forwardRef((properties) => { … })), at the top of the file only:
; elsewhere it is rather const names = items.map((item) => { … })
(program (lexical_declaration
  (variable_declarator
    name: (identifier) @name
    value: (call_expression
      function: [(identifier) (member_expression object: (identifier))]
      arguments: (arguments . [
        (arrow_function body: (statement_block) @body)
        (function_expression body: (_) @body)
        (call_expression arguments: (arguments . [
          (arrow_function body: (statement_block) @body)
          (function_expression body: (_) @body)]))]))) @function.minor))
(program (export_statement (lexical_declaration
  (variable_declarator
    name: (identifier) @name
    value: (call_expression
      function: [(identifier) (member_expression object: (identifier))]
      arguments: (arguments . [
        (arrow_function body: (statement_block) @body)
        (function_expression body: (_) @body)
        (call_expression arguments: (arguments . [
          (arrow_function body: (statement_block) @body)
          (function_expression body: (_) @body)]))]))) @function.minor)))

; A.prototype.b = function () { … }
(assignment_expression
  left: (member_expression
    object: (member_expression object: (identifier) @scope property: (_) @_prototype)
    property: (_) @name)
  right: [(arrow_function body: (_) @body) (function_expression body: (_) @body) (generator_function body: (_) @body)]
  (#eq? @_prototype "prototype")) @method
; exports.b = …, this.b = …, and module.exports = …, named after the file
(assignment_expression
  left: (member_expression object: (identifier) @_module property: (_) @_exports)
  right: [(arrow_function body: (_) @body) (function_expression body: (_) @body) (generator_function body: (_) @body)]
  (#eq? @_module "module") (#eq? @_exports "exports")) @function
(assignment_expression
  left: (member_expression object: (identifier) @_module property: (_) @_exports)
  right: (class body: (_) @body)
  (#eq? @_module "module") (#eq? @_exports "exports")) @class
(assignment_expression
  left: (member_expression object: (identifier) @scope property: (_) @name)
  right: [(arrow_function body: (_) @body) (function_expression body: (_) @body) (generator_function body: (_) @body)]
  (#not-match? @scope "^(exports|module|window|globalThis|self)$")) @function
(assignment_expression
  left: [(identifier) @name (member_expression property: (_) @name)]
  right: [(arrow_function body: (_) @body) (function_expression body: (_) @body) (generator_function body: (_) @body)]) @function
(assignment_expression
  left: [(identifier) @name (member_expression property: (_) @name)]
  right: (class body: (_) @body)) @class

(pair
  key: (_) @name
  value: [(arrow_function body: (_) @body) (function_expression body: (_) @body) (generator_function body: (_) @body)]) @function.minor

(export_statement
  value: [(arrow_function body: (_) @body) (function_expression body: (_) @body) (generator_function body: (_) @body)]) @function
(export_statement value: (class body: (_) @body)) @class

; describe("…", () => { it("…", () => { … }) }), with .only, .skip and .each(…)
(call_expression
  function: [
    (identifier) @_call
    (member_expression object: (identifier) @_call)
    (call_expression function: (member_expression object: (identifier) @_call))]
  arguments: (arguments
    . [(string) (template_string)] @name
    [(arrow_function body: (_) @body) (function_expression body: (_) @body)])
  (#any-of? @_call "describe" "context" "suite" "fdescribe" "xdescribe")) @module
(call_expression
  function: [
    (identifier) @_call
    (member_expression object: (identifier) @_call)
    (call_expression function: (member_expression object: (identifier) @_call))]
  arguments: (arguments
    . [(string) (template_string)] @name
    [(arrow_function body: (_) @body) (function_expression body: (_) @body)])
  (#any-of? @_call "it" "test" "specify" "fit" "xit" "xtest" "t" "bench")) @function

(program [
  (lexical_declaration (variable_declarator name: (identifier) @name value: (_)) @value)
  (variable_declaration (variable_declarator name: (identifier) @name value: (_)) @value)
  (export_statement (lexical_declaration (variable_declarator name: (identifier) @name value: (_)) @value))])
(program (expression_statement (assignment_expression
  left: (member_expression object: (identifier) @_module property: (_) @_exports) right: [(object) (array)]) @value)
  (#eq? @_module "module") (#eq? @_exports "exports"))
(program (expression_statement (assignment_expression
  left: (member_expression property: (_) @name) right: [(object) (array)]) @value))
(program (export_statement value: [(object) (array)]) @value)

(lexical_declaration . (variable_declarator) @inner .) @outer
(variable_declaration . (variable_declarator) @inner .) @outer
(expression_statement [(assignment_expression) (call_expression)] @inner) @outer
(export_statement [(declaration) (lexical_declaration)] @inner) @outer
(decorator) @attribute
(comment) @comment
