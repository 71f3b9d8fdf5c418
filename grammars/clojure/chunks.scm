(comment) @comment

((list_lit . value: (sym_lit name: (sym_name) @_ns) . value: (sym_lit name: (sym_name) @package))
  (#any-of? @_ns "ns" "in-ns"))

((list_lit
  . value: (sym_lit name: (sym_name) @_def)
  . value: (sym_lit name: (sym_name) @name)
  . value: (str_lit) @doc @body)
  (#match? @_def "^(defn-?|deftest|defmulti|defspec)$")) @function
((list_lit
  . value: (sym_lit name: (sym_name) @_def)
  . value: (sym_lit name: (sym_name) @name)
  . value: (vec_lit) . (_) @body)
  (#match? @_def "^(defn-?|fdef)$")) @function
((list_lit . value: (sym_lit name: (sym_name) @_def) . value: (sym_lit name: (sym_name) @name))
  (#match? @_def "^(defn-?|deftest-?|defmulti|defspec|defhandler|defcomponent|definline)$")) @function
((list_lit
  . value: (sym_lit name: (sym_name) @_def)
  . value: (sym_lit name: (sym_name) @name)
  . value: (_) @name)
  (#eq? @_def "defmethod")) @function
((list_lit
  . value: (sym_lit name: (sym_name) @_def)
  . value: (sym_lit name: (sym_name) @name)
  . value: (str_lit) @doc @body)
  (#any-of? @_def "defmacro")) @macro
((list_lit . value: (sym_lit name: (sym_name) @_def) . value: (sym_lit name: (sym_name) @name))
  (#any-of? @_def "defmacro")) @macro

((list_lit
  . value: (sym_lit name: (sym_name) @_def)
  . value: (sym_lit name: (sym_name) @name)
  . value: (str_lit) @doc)
  (#any-of? @_def "defprotocol" "definterface")) @interface
((list_lit . value: (sym_lit name: (sym_name) @_def) . value: (sym_lit name: (sym_name) @name))
  (#any-of? @_def "defprotocol" "definterface")) @interface
((list_lit . value: (sym_lit name: (sym_name) @_def) . value: (sym_lit name: (sym_name) @name))
  (#any-of? @_def "defrecord" "deftype" "defstruct" "extend-type" "extend-protocol" "defrecord+")) @class
; What records and extensions implement: (foo [this] ...)
((list_lit
  . value: (sym_lit name: (sym_name) @_def)
  value: (list_lit . value: (sym_lit name: (sym_name) @name) . value: (vec_lit) . (_) @body) @method)
  (#any-of? @_def "defrecord" "deftype" "extend-type" "extend-protocol" "defrecord+"))

; Definitions by other macros: (defroute home "/" ...), (def table {...}).
((list_lit
  . value: (sym_lit name: (sym_name) @_def)
  . value: (sym_lit name: (sym_name) @name)
  . value: (str_lit) @doc . value: (_))
  (#any-of? @_def "def" "defonce" "def-")) @value
((list_lit . value: (sym_lit name: (sym_name) @_def) . value: (sym_lit name: (sym_name) @name))
  (#any-of? @_def "def" "defonce" "def-")) @value
((list_lit . value: (sym_lit name: (sym_name) @_def) . value: (sym_lit name: (sym_name) @name))
  (#match? @_def "^def[a-z]")) @function.minor
