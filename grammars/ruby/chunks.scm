(comment) @comment

(class name: (_) @name body: (_)? @body) @class
(module name: (_) @name body: (_)? @body) @module
; Point = Struct.new(:x, :y) do ... end
(assignment
  left: [(constant) (scope_resolution)] @name
  right: (call method: (identifier) @_make block: (_ body: (_)? @body))
  (#any-of? @_make "new" "define")) @class

(program (method name: (_) @name body: (_)? @body) @function)
(method name: (_) @name body: (_)? @body) @method
(singleton_method object: (constant) @scope name: (_) @name body: (_)? @body) @method
(singleton_method name: (_) @name body: (_)? @body) @method
; private def name, memoize def name
(call arguments: (argument_list . [(method) (singleton_method)] @inner .)) @outer

(call
  method: (identifier) @_define
  arguments: (argument_list . [(simple_symbol) (string)] @name)
  block: (_) @body
  (#any-of? @_define "define_method" "define_singleton_method")) @method

; describe Thing do ... it "works" do ... end end
(call
  method: (identifier) @_group
  arguments: (argument_list . (_) @name)
  block: (do_block) @body
  (#any-of? @_group
    "describe" "context" "feature" "namespace" "shared_examples" "shared_context" "shared_examples_for")) @module
(call
  method: (identifier) @_group
  arguments: (argument_list . (_) @name)
  block: (do_block) @body
  (#any-of? @_group "it" "specify" "scenario" "test" "should")) @function

; What stands in front of a task or a method and is about it.
((call !receiver method: (identifier) @_about arguments: (argument_list . (string) .) !block) @attribute
  (#eq? @_about "desc"))
((call !receiver method: (identifier) @_about !arguments block: (block)) @attribute
  (#eq? @_about "sig"))

; Blocks of a domain's own language: tasks, routes, examples, scopes.
(program
  (call
    !receiver
    method: (identifier)
    arguments: (argument_list
      . [(string) @name (simple_symbol) @name (constant) @name (pair key: (_) @name)])
    block: (do_block) @body) @function.minor)
(body_statement
  (call
    !receiver
    method: (identifier)
    arguments: (argument_list
      . [(string) @name (simple_symbol) @name (constant) @name (pair key: (_) @name)])
    block: (do_block) @body) @function.minor)

(assignment left: (constant) @name right: (lambda body: (_) @body)) @function.minor
(assignment
  left: (constant) @name
  right: (call !receiver method: (identifier) @_lambda block: (_) @body)
  (#any-of? @_lambda "lambda" "proc")) @function.minor
(assignment left: (constant) @name right: [(array) (hash)] @body) @value
