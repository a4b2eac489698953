package main

import (
	"context"
	"fmt"
	"log"
	"net/netip"
	"time"

	"github.com/spf13/cobra"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"
)

// Tests wait for an address: it is there at most so long after its Service.
const loadBalancerPeriod = 200 * time.Millisecond

// What a cloud's controller does: gives every Service of type LoadBalancer the lowest free address of a range, and
// takes it back with the Service. kube-proxy answers for the address, so that nothing else is needed.
func loadBalancer() *cobra.Command {
	command := &cobra.Command{Use: "loadbalancer", SilenceUsage: true}
	kubeconfig := command.Flags().String("kubeconfig", "", "how to reach the API server")
	first := command.Flags().String("first", "10.99.0.100", "first address of the range")
	last := command.Flags().String("last", "10.99.0.199", "last address of the range")
	command.RunE = func(*cobra.Command, []string) error {
		config, err := clientcmd.BuildConfigFromFlags("", *kubeconfig)
		if err != nil {
			return err
		}
		client, err := kubernetes.NewForConfig(config)
		if err != nil {
			return err
		}
		from, to := netip.MustParseAddr(*first), netip.MustParseAddr(*last)
		for ; ; time.Sleep(loadBalancerPeriod) {
			if err := assign(client, from, to); err != nil {
				log.Print(err)
			}
		}
	}
	return command
}

func assign(client kubernetes.Interface, first, last netip.Addr) error {
	services, err := client.CoreV1().Services("").List(context.Background(), metav1.ListOptions{ResourceVersion: "0"})
	if err != nil {
		return err
	}
	taken := map[string]bool{}
	for _, service := range services.Items {
		for _, ingress := range service.Status.LoadBalancer.Ingress {
			taken[ingress.IP] = true
		}
	}
	for i := range services.Items {
		service := &services.Items[i]
		if service.Spec.Type != corev1.ServiceTypeLoadBalancer || len(service.Status.LoadBalancer.Ingress) > 0 {
			continue
		}
		address := first
		for taken[address.String()] {
			address = address.Next()
		}
		if last.Less(address) {
			return fmt.Errorf("no address is left for Service %s/%s: all of %s to %s are taken", service.Namespace, service.Name, first, last)
		}
		taken[address.String()] = true
		service.Status.LoadBalancer.Ingress = []corev1.LoadBalancerIngress{{IP: address.String()}}
		if _, err := client.CoreV1().Services(service.Namespace).UpdateStatus(context.Background(), service, metav1.UpdateOptions{}); err != nil {
			return err
		}
	}
	return nil
}
