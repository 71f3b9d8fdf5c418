(contract_declaration name: (_) @name body: (_) @body) @class
(library_declaration name: (_) @name body: (_) @body) @class
(interface_declaration name: (_) @name body: (_) @body) @interface
(struct_declaration name: (_) @name body: (_) @body) @class
(enum_declaration name: (_) @name body: (_) @body) @enum
(function_definition name: (_) @name body: (_) @body) @function
(function_definition name: (_) @name) @function.minor
(modifier_definition name: (_) @name body: (_) @body) @function
(constructor_definition "constructor" @name body: (_) @body) @function
(fallback_receive_definition ["fallback" "receive"] @name body: (_) @body) @function
(event_definition name: (_) @name) @type.minor
(error_declaration name: (_) @name) @type.minor
(user_defined_type_definition name: (_) @name) @type.minor
(comment) @comment
