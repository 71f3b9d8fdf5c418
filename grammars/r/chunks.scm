(comment) @comment

(binary_operator
  lhs: [(identifier) (string)] @name
  operator: ["<-" "<<-" "=" ":="]
  rhs: (function_definition body: (_) @body)) @function
(binary_operator
  lhs: (extract_operator lhs: (_) @scope rhs: (_) @name)
  operator: ["<-" "<<-" "="]
  rhs: (function_definition body: (_) @body)) @function
; name <- wrap(function() ...)
(binary_operator
  lhs: [(identifier) (string)] @name
  operator: ["<-" "<<-" "="]
  rhs: (call arguments: (arguments argument: (argument value: (function_definition body: (_) @body)) .))) @function.minor

; setMethod("show", "Person", function(object) ...)
((call
  function: (identifier) @_set
  arguments: (arguments
    . argument: (argument value: (string) @name)
    . (comma)
    . argument: (argument value: (string) @scope)
    argument: (argument value: (function_definition body: (_) @body))))
  (#any-of? @_set "setMethod" "setReplaceMethod" "setAs")) @function
((call
  function: (identifier) @_set
  arguments: (arguments
    . argument: (argument value: (string) @name)
    argument: (argument value: (function_definition body: (_) @body))))
  (#any-of? @_set "setGeneric" "setMethod" "setReplaceMethod" "setValidity" "makeActiveBinding")) @function
((call function: (identifier) @_set arguments: (arguments . argument: (argument value: (string) @name)))
  (#eq? @_set "setGeneric")) @function
((call
  function: [(identifier) @_set (namespace_operator rhs: (identifier) @_set)]
  arguments: (arguments . argument: (argument value: (string) @name)) @body)
  (#any-of? @_set "setClass" "setRefClass" "setClassUnion")) @class
((binary_operator rhs: (call function: [(identifier) @_set (namespace_operator rhs: (identifier) @_set)]) @inner) @outer
  (#any-of? @_set "setClass" "setRefClass" "setClassUnion"))

; Stack <- R6Class("Stack", public = list(push = function(x) ...))
(binary_operator
  lhs: (identifier) @name
  rhs: (call
    function: [(identifier) @_make (namespace_operator rhs: (identifier) @_make)]
    arguments: (_) @body)
  (#any-of? @_make "R6Class" "ggproto" "new_class")) @class
((call
  function: [(identifier) @_make (namespace_operator rhs: (identifier) @_make)]
  arguments: (arguments
    argument: (argument
      value: (call
        function: (identifier) @_list
        arguments: (arguments
          argument: (argument name: [(identifier) (string)] @name value: (function_definition body: (_) @body)) @method)))))
  (#any-of? @_make "R6Class" "setRefClass")
  (#any-of? @_list "list" "c"))
((call
  function: (identifier) @_make
  arguments: (arguments argument: (argument name: (_) @name value: (function_definition body: (_) @body)) @method))
  (#any-of? @_make "ggproto"))
; An argument that is a function: of a list, of tryCatch.
(argument name: [(identifier) (string)] @name value: (function_definition body: (_) @body)) @function.minor

((call
  function: (identifier) @_test
  arguments: (arguments . argument: (argument value: (string) @name) argument: (argument value: (braced_expression) @body)))
  (#any-of? @_test "test_that" "it")) @function
((call
  function: (identifier) @_test
  arguments: (arguments . argument: (argument value: (string) @name) argument: (argument value: (braced_expression) @body)))
  (#any-of? @_test "describe" "context")) @module

((program
  (binary_operator
    lhs: [(identifier) (string)] @name
    operator: ["<-" "="]
    rhs: (call function: (_) @_make) @body) @value)
  (#not-match? @_make "(setClass|setRefClass|setClassUnion|R6Class|ggproto|new_class)$"))
(program
  (binary_operator
    lhs: [(identifier) (string)] @name
    operator: ["<-" "="]
    rhs: [(string) (binary_operator) (braced_expression) (if_statement)] @body) @value)
