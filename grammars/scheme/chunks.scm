(list . (symbol) @_define . (list . (symbol) @name)
  (#match? @_define "^define(\\*|-public|\\*-public|-inlinable|-method|-generic|-integrable|-syntax-rule)?$")) @function
; (define ((curried a) b) …)
(list . (symbol) @_define . (list . (list . (symbol) @name))
  (#match? @_define "^define(\\*|-public|\\*-public)?$")) @function
(list . (symbol) @_define . (symbol) @name . (list . (symbol) @_lambda)
  (#match? @_define "^define(\\*|-public|-method)?$") (#match? @_lambda "^(case-)?lambda\\*?$")) @function
(list . (symbol) @_define . (symbol) @name
  (#match? @_define "^(define-syntax|define-macro|defmacro)$")) @macro
(list . (symbol) @_define . (list . (symbol) @name)
  (#match? @_define "^(define-syntax|define-macro|defmacro)$")) @macro
(list . (symbol) @_define . [(symbol) @name (list . (symbol) @name)]
  (#match? @_define "^define-(record-type|class|immutable-record-type|structure|values-type)\\*?$")) @class
(program (list . (symbol) @_define . (symbol) @name
  (#match? @_define "^define(-public|-once)?$")) @value)
(program (list . (symbol) @_define . (list) @name
  (#match? @_define "^(define-module|define-library)$")) @value)
[(comment) (block_comment)] @comment
