(proc_declaration name: [(exported_symbol . (_) @name) (identifier) @name (accent_quoted) @name] body: (_) @body) @function
(func_declaration name: [(exported_symbol . (_) @name) (identifier) @name (accent_quoted) @name] body: (_) @body) @function
(method_declaration name: [(exported_symbol . (_) @name) (identifier) @name (accent_quoted) @name] body: (_) @body) @method
(iterator_declaration name: [(exported_symbol . (_) @name) (identifier) @name (accent_quoted) @name] body: (_) @body) @function
(converter_declaration name: [(exported_symbol . (_) @name) (identifier) @name (accent_quoted) @name] body: (_) @body) @function
(template_declaration name: [(exported_symbol . (_) @name) (identifier) @name (accent_quoted) @name] body: (_) @body) @macro
(macro_declaration name: [(exported_symbol . (_) @name) (identifier) @name (accent_quoted) @name] body: (_) @body) @macro
(proc_declaration name: [(exported_symbol . (_) @name) (identifier) @name (accent_quoted) @name]) @function.minor
(type_declaration (type_symbol_declaration name: [(exported_symbol . (_) @name) (identifier) @name (accent_quoted) @name]) (enum_declaration) @body) @enum
(type_declaration (type_symbol_declaration name: [(exported_symbol . (_) @name) (identifier) @name (accent_quoted) @name]) . (_) @body) @class
[(comment) (block_comment) (documentation_comment) (block_documentation_comment)] @comment
