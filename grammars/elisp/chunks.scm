(function_definition name: (_) @name docstring: (_)? @doc) @function
(macro_definition name: (_) @name docstring: (_)? @doc) @macro
(source_file (list
  . (symbol) @_define
  . (symbol) @name)  @function
  (#match? @_define "^(cl-)?def(un|subst|method|generic|advice|ine-inline)\\*?$|^(cl-defmethod|cl-defgeneric|define-(minor-mode|derived-mode|globalized-minor-mode|generic-mode|advice|compilation-mode)|transient-define-(prefix|suffix|infix|argument)|ert-deftest|iter-defun)$"))
(source_file (list . (symbol) @_define . (symbol) @name) @macro
  (#match? @_define "^(cl-defmacro|defmacro\\*|define-inline|cl-define-compiler-macro|pcase-defmacro)$"))
(source_file (list . (symbol) @_define . (symbol) @name) @class
  (#match? @_define "^(defclass|cl-defstruct|cl-deftype)$"))
(source_file (list . (symbol) @_define . (list . (symbol) @name)) @class
  (#match? @_define "^(cl-defstruct)$"))
(source_file (list . (symbol) @_define . (symbol) @name) @block.minor
  (#match? @_define "^(defcustom|defface|defgroup|define-key-after)$"))
(source_file (special_form . (_) @_define . (symbol) @name) @value)
(source_file (special_form "defvar" . (symbol) @name) @block.minor)
(source_file (special_form "defconst" . (symbol) @name) @block.minor)
(comment) @comment
