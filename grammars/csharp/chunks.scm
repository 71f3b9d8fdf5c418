(comment) @comment
(attribute_list) @attribute

(file_scoped_namespace_declaration name: (_) @package)
(namespace_declaration name: (_) @name body: (_) @body) @module

(class_declaration name: (_) @name body: (_)? @body) @class
(struct_declaration name: (_) @name body: (_)? @body) @class
(record_declaration name: (_) @name body: (_)? @body) @class
(interface_declaration name: (_) @name body: (_)? @body) @interface
(enum_declaration name: (_) @name body: (_)? @body) @enum
(delegate_declaration name: (_) @name ";" @body) @type

(method_declaration name: (_) @name body: (_) @body) @method
(method_declaration name: (_) @name !body ";" @body) @method.minor
(constructor_declaration name: (_) @name body: (_) @body) @method
(destructor_declaration "~" @name name: (_) @name body: (_) @body) @method
(operator_declaration "operator" @name operator: _ @name body: (_) @body) @method
(conversion_operator_declaration "operator" @name type: (_) @name body: (_) @body) @method
(local_function_statement name: (_) @name body: (_) @body) @function
(global_statement (local_function_statement) @inner) @outer

; Most properties are one line of their class.
(property_declaration name: (_) @name accessors: (_) @body) @method.minor
(property_declaration name: (_) @name value: (_) @body) @method.minor
(indexer_declaration "this" @name accessors: (_) @body) @method.minor
(indexer_declaration "this" @name value: (_) @body) @method.minor
(event_declaration name: (_) @name accessors: (_) @body) @method.minor
