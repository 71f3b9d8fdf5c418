; This grammar knows commands, units and blocks, not classes and methods: what they are is said by their words.
[(line_comment) (block_comment)] @comment
(command . (decorate) .) @attribute
((command . (unit . (identifier) @_package) . (unit) @package) (#eq? @_package "package"))

(command
  (unit (identifier) @_class)
  . (unit [(identifier) @name (generics_class . (identifier) @name)])
  (block "{" @body)
  (#any-of? @_class "class" "trait")) @class
(command
  (unit (identifier) @_class)
  . (block . (unit [(identifier) @name (generics_class . (identifier) @name)]) "{" @body)
  (#any-of? @_class "class" "trait")) @class
(command
  (unit (identifier) @_class)
  . (unit [(identifier) @name (generics_class . (identifier) @name)])
  (block "{" @body)
  (#eq? @_class "interface")) @interface
(command
  (unit (identifier) @_class)
  . (block . (unit [(identifier) @name (generics_class . (identifier) @name)]) "{" @body)
  (#eq? @_class "interface")) @interface
(command
  (decorate (identifier) @_class) . (block . (unit (identifier) @name) "{" @body)
  (#eq? @_class "interface")) @interface
(command
  (unit (identifier) @_class) . (block . (unit (identifier) @name) "{" @body)
  (#eq? @_class "enum")) @enum
(command
  (unit (identifier) @_class) . (unit (identifier) @name) (block "{" @body)
  (#eq? @_class "enum")) @enum

; A method has a word in front of it: a type, def, private, and in a build script task.
(command
  [(unit) (list)] @_type
  . (block . (unit . (func . (identifier) @name (arg_block)) .) "{" @body)
  (#not-match? @_type "^(return|new|throw|assert|else|case|in|try|finally|do)$")
  (#not-match? @name "^(if|for|while|switch|catch|synchronized)$")) @function
(command
  (unit . (func . (identifier) @name (arg_block)) .)
  . (unit (identifier) @_throws)
  (block "{" @body)
  (#eq? @_throws "throws")) @function
; The name behind a type of types is lost: Map<String, List<Integer>> typed() { ... }
(command
  (block . (unit . (func (ERROR (ERROR) @name .) . (arg_block))) "{" @body)) @function
; def "adds two numbers"() { ... }
(command (block . (string) @name . (ERROR) "{" @body)) @function
(command (unit (identifier) @_def) . (block . (string) @name "{" @body) (#any-of? @_def "def" "void")) @function
; A constructor: no word, but a capital.
(block
  (command . (block . (unit . (func . (identifier) @name (arg_block)) .) "{" @body) (#match? @name "^[A-Z]")) @method)
; def twice = { it * 2 }
(command
  (unit) . (unit . (identifier) @name .) . (block . (operators) "{" @body)) @function.minor

; task copy { ... }; tasks.register('copy', Copy) { ... }; stage('Build') { ... }; dependencies { ... }
(command
  (unit (identifier) @_task) . (block . (unit . (identifier) @name .) "{" @body)
  (#eq? @_task "task")) @function
(command
  . (block . (unit (func . (identifier) @_register (arg_block . (string) @name)) .) "{" @body)
  (#any-of? @_register "register" "create" "task")) @function
(command
  . (block . (unit (func . (identifier) (arg_block . (string) @name)) .) "{" @body)) @function.minor
(source_file (command . (block . (unit . (identifier) @name .) "{" @body)) @block.minor)
