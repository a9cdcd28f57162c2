/*
 * A balanced search tree of nodes that lie in their owners, by a 64-bit key: a treap, whose insert
 * and erase rotate less than a red-black tree's, which makes it the harder baseline. Own code.
 */
#ifndef SEARCH_TREE_H
#define SEARCH_TREE_H

#include <stdint.h>

struct tree_node {
  struct tree_node *parent, *left, *right;
  uint64_t key;
  uint32_t priority;
};

struct search_tree {
  struct tree_node *root;
  uint32_t random;
};

static inline void tree_replace(
    struct search_tree *tree, struct tree_node *old, struct tree_node *new) {
  struct tree_node *parent = old->parent;
  if (!parent) {
    tree->root = new;
  } else if (parent->left == old) {
    parent->left = new;
  } else {
    parent->right = new;
  }
  if (new) {
    new->parent = parent;
  }
}

static inline void tree_rotate_up(struct search_tree *tree, struct tree_node *node) {
  struct tree_node *parent = node->parent;
  tree_replace(tree, parent, node);
  if (parent->left == node) {
    parent->left = node->right;
    if (node->right) {
      node->right->parent = parent;
    }
    node->right = parent;
  } else {
    parent->right = node->left;
    if (node->left) {
      node->left->parent = parent;
    }
    node->left = parent;
  }
  parent->parent = node;
}

static inline void tree_insert(struct search_tree *tree, struct tree_node *node) {
  struct tree_node **link = &tree->root;
  struct tree_node *parent = 0;
  while (*link) {
    parent = *link;
    link = node->key < parent->key ? &parent->left : &parent->right;
  }
  *link = node;
  node->parent = parent;
  node->left = node->right = 0;
  tree->random = tree->random * 1664525u + 1013904223u;
  node->priority = tree->random;
  while (node->parent && node->parent->priority > node->priority) {
    tree_rotate_up(tree, node);
  }
}

static inline void tree_erase(struct search_tree *tree, struct tree_node *node) {
  while (node->left && node->right) {
    struct tree_node *up =
        node->left->priority < node->right->priority ? node->left : node->right;
    tree_rotate_up(tree, up);
  }
  tree_replace(tree, node, node->left ? node->left : node->right);
}

static inline struct tree_node *tree_find(struct search_tree *tree, uint64_t key) {
  struct tree_node *node = tree->root;
  while (node && node->key != key) {
    node = key < node->key ? node->left : node->right;
  }
  return node;
}

/* The node of the highest key, or null. */
static inline struct tree_node *tree_last(struct search_tree *tree) {
  struct tree_node *node = tree->root;
  while (node && node->right) {
    node = node->right;
  }
  return node;
}

#endif
