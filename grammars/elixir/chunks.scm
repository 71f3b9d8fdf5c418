(comment) @comment

((call
  target: (identifier) @_def
  (arguments . (_) @name)
  (do_block
    (unary_operator operator: "@" operand: (call target: (identifier) @_about (arguments [(string) (sigil)] @doc)))) @body)
  (#eq? @_def "defmodule")
  (#eq? @_about "moduledoc")) @module.always
((call target: (identifier) @_def (arguments . (_) @name) (do_block) @body) (#eq? @_def "defmodule")) @module.always
((call
  target: (identifier) @_def
  (arguments . (_) @name)
  (do_block
    (unary_operator operator: "@" operand: (call target: (identifier) @_about (arguments [(string) (sigil)] @doc)))) @body)
  (#eq? @_def "defprotocol")
  (#eq? @_about "moduledoc")) @interface
((call target: (identifier) @_def (arguments . (_) @name) (do_block) @body) (#eq? @_def "defprotocol")) @interface
((call
  target: (identifier) @_def
  (arguments . (_) @name (keywords (pair value: (alias) @scope)))
  (do_block) @body)
  (#eq? @_def "defimpl")) @class
((call target: (identifier) @_def (arguments . (_) @name) (do_block) @body) (#eq? @_def "defimpl")) @class

; The clauses of a function are one definition. First those with "when", then operators.
((call
  target: (identifier) @_def
  (arguments
    .
    (binary_operator
      left: [(call target: (_) @name (arguments) @arity) (identifier) @name]
      operator: "when")
    . ","? @body)
  (do_block)? @body)
  (#any-of? @_def "def" "defp" "defdelegate")) @function.clause
((call
  target: (identifier) @_def
  (arguments . [(call target: (_) @name (arguments)? @arity) (identifier) @name] . ","? @body)
  (do_block)? @body)
  (#any-of? @_def "def" "defp" "defdelegate")) @function.clause
((call
  target: (identifier) @_def
  (arguments . (binary_operator left: (binary_operator operator: _ @name) operator: "when") . ","? @body)
  (do_block)? @body)
  (#any-of? @_def "def" "defp")) @function.clause
((call
  target: (identifier) @_def
  (arguments . [(binary_operator operator: _ @name) (unary_operator operator: _ @name)] . ","? @body)
  (do_block)? @body)
  (#any-of? @_def "def" "defp")) @function.clause
((call
  target: (identifier) @_def
  (arguments
    .
    (binary_operator
      left: [(call target: (_) @name (arguments) @arity) (identifier) @name]
      operator: "when")
    . ","? @body)
  (do_block)? @body)
  (#any-of? @_def "defmacro" "defmacrop" "defguard" "defguardp" "defn" "defnp")) @macro.clause
((call
  target: (identifier) @_def
  (arguments
    . [(call target: (_) @name (arguments)? @arity) (identifier) @name (binary_operator operator: _ @name)] . ","? @body)
  (do_block)? @body)
  (#any-of? @_def "defmacro" "defmacrop" "defguard" "defguardp" "defn" "defnp")) @macro.clause

; What a behaviour asks for has no body.
((unary_operator
  operator: "@"
  operand: (call
    target: (identifier) @_def
    (arguments (binary_operator left: (call target: (identifier) @name)))))
  (#any-of? @_def "callback" "macrocallback")) @function.minor

; Attributes that are about what follows.
((unary_operator
  operator: "@"
  operand: (call target: (identifier) @_about (arguments [(string) (sigil)] @doc))) @attribute
  (#any-of? @_about "doc" "typedoc"))
((unary_operator operator: "@" operand: (call target: (identifier) @_about)) @attribute
  (#any-of? @_about "doc" "spec" "impl" "deprecated" "since" "dialyzer" "tag" "decorate"))

((call target: (identifier) @_group (arguments . [(string) (sigil)] @name) (do_block) @body)
  (#any-of? @_group "describe" "context")) @module
((call target: (identifier) @_test (arguments . [(string) (sigil)] @name) (do_block) @body)
  (#any-of? @_test "test" "it" "property" "feature")) @function
((call target: (identifier) @_block (arguments . (string) @name) (do_block) @body)) @function.minor
