/**
 * The Kubernetes API as a source: one small loop of list and watch for each kind, and rules for
 * what an API server that breaks or lies may do, which is nothing; and what one replica writes
 * back, the status of Ingresses and Events. Nothing outside of this package knows the Kubernetes
 * client.
 */
@NullMarked
package dev.penstock.ingress.source.kubernetes;

import org.jspecify.annotations.NullMarked;
