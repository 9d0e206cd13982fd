import { contract } from "./contract.ts";
import { frr } from "./frr.ts";

contract(frr);
