(package (full_ident) @package)
(message (message_name) @name (message_body) @body) @class
(enum (enum_name) @name (enum_body) @body) @enum
(service (service_name) @name . "{" @body) @interface
(rpc (rpc_name) @name) @method
(extend (full_ident) @name (message_body) @body) @class.minor
(comment) @comment
