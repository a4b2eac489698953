/** The gateway as its own process: started by its launcher, measured and ended from outside. */
@NullMarked
package dev.penstock.scenarios.process;

import org.jspecify.annotations.NullMarked;
