import { bird } from "./bird.ts";
import { contract } from "./contract.ts";

contract(bird);
