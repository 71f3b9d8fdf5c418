import "./candidates.test";
import "./lists.test";
import "./status.test";
import "./symbols.test";
