/**
 * The annotations of an Ingress: one table that is parser, validator and manual, a file for each
 * group of keys, and the reader that turns an Ingress's annotations into typed options. Nothing
 * here is ever rendered into another language: values become numbers, switches and enumerations.
 */
@NullMarked
package dev.penstock.ingress.annotation;

import org.jspecify.annotations.NullMarked;
