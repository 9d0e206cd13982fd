import { contract } from "./contract.ts";
import { gobgp } from "./gobgp.ts";

contract(gobgp);
