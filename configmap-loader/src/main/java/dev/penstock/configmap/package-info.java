/**
 * The controller's ConfigMap, with ingress-nginx's keys, to settings and complaints. Pure
 * functions: no client, logger or clock.
 */
@NullMarked
package dev.penstock.configmap;

import org.jspecify.annotations.NullMarked;
