(list_lit (defun (defun_header keyword: (defun_keyword "defmacro") function_name: (_) @name)) @_body) @macro
(list_lit (defun (defun_header function_name: (_) @name))) @function
(list_lit
  . value: (sym_lit) @_define
  . value: [(sym_lit) @name (list_lit . value: (sym_lit) @name)]
  (#match? @_define "^(?i:def(class|struct|type|package|ine-condition)|define-condition)$")) @class
(list_lit
  . value: (sym_lit) @_define
  . value: (sym_lit) @name
  (#match? @_define "^(?i:(sb-\\w+:)?def(setf|ine-compiler-macro|ine-modify-macro|ine-setf-expander|ine-symbol-macro|ine-\\w+|test|[a-z-]+))$")) @function.minor
(comment) @comment
(block_comment) @comment
