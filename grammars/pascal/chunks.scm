(defProc header: (declProc name: (genericDot lhs: (_) @scope rhs: (_) @name)) . (_) @body) @function
(defProc header: (declProc name: (_) @name) . (_) @body) @function
(defProc header: (declProc name: (genericDot lhs: (_) @scope rhs: (_) @name))) @function
(defProc header: (declProc name: (_) @name)) @function
(declType name: (_) @name type: (declClass) @body) @class
(declType name: (_) @name type: (declIntf) @body) @interface
(declType name: (_) @name) @type.minor
(declProc name: (_) @name) @function.minor
(comment) @comment
