; Functions without a body stay in the text of their trait or extern block.
(function_item name: (_) @name body: (_) @body) @function
(struct_item name: (_) @name body: (_)? @body) @class
(union_item name: (_) @name body: (_) @body) @class
(enum_item name: (_) @name body: (_) @body) @enum
(trait_item name: (_) @name body: (_) @body) @interface
(source_file (type_item name: (_) @name) @type)
(mod_item (declaration_list (type_item name: (_) @name) @type))
(mod_item name: (_) @name body: (_) @body) @module
(macro_definition name: (_) @name) @macro

(impl_item
  type: [
    (type_identifier) @name
    (generic_type type: [(type_identifier) @name (scoped_type_identifier name: (_) @name)])
    (scoped_type_identifier name: (_) @name)
    (reference_type type: (type_identifier) @name)]
  body: (_) @body) @class
(impl_item type: (_) @name body: (_) @body) @class

(source_file [(const_item name: (_) @name) (static_item name: (_) @name)] @value)

; cfg_if! { fn … }: the grammar sees tokens only.
((macro_invocation (token_tree) @reparse) (#match? @reparse "\\bfn "))

(attribute_item) @attribute
(line_comment) @comment
(block_comment) @comment
