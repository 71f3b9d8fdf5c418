import "./catalogue.test";
import "./candidates.test";
import "./lists.test";
import "./status.test";
import "./symbols.test";
