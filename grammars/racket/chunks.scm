; inherits: scheme

(list . (symbol) @_define . [(symbol) @name (list . (symbol) @name)]
  (#match? @_define "^(struct|define-struct|define-signature|define-unit|define-datatype)$")) @class
(list . (symbol) @_define . (list . (symbol) @name)
  (#match? @_define "^(define[-/:*][\\w/:*-]+|define)$")) @function
(list . (symbol) @_define . (symbol) @name . (_) . (_)
  (#match? @_define "^(define-(syntax|type|check|simple-macro|syntax-class|metafunction|judgment-form)[\\w/:*-]*|define/contract)$")) @function
(list . (symbol) @_module . (symbol) @name
  (#match? @_module "^module[+*]?$")) @module
