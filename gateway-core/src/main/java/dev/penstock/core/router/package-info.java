/**
 * Host and path to route: immutable tables that are compiled on the control thread and looked up on
 * event loops without allocating. They are generic in what a route compiles to.
 */
@NullMarked
package dev.penstock.core.router;

import org.jspecify.annotations.NullMarked;
