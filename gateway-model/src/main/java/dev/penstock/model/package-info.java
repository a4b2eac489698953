/**
 * The IR between controller and data plane: what is served, as immutable values. The controller
 * makes it, the data plane compiles it, nothing else connects the two.
 */
@NullMarked
package dev.penstock.model;

import org.jspecify.annotations.NullMarked;
