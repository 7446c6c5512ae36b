// What editors, systems and interpreters leave in a folder: no part of an image. Pure.
import { globMatcher } from '../../../lib/glob';

export const LITTER = ['.git', '.DS_Store', '*.swp', '*.swo', '*~', '.#*', '#*#', '__pycache__', '.ipynb_checkpoints'];

export const isLitter = globMatcher(LITTER);
